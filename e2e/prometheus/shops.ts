// The pods of the scenarios' shops as they are now: whom Prometheus scrapes, and whom callers reach.
import { startCallers } from "../../hack/load-generator/callers.ts";
import { type ScrapedPod, writeScrapedPods } from "../../hack/prometheus/pod-scraping.ts";
import type { ClusterClient } from "../clusters/cluster-client.ts";

const PORT = 8_080;
const READ_EVERY_MS = 1_000;

interface Pods {
  readonly items: readonly {
    readonly metadata: {
      readonly namespace: string;
      readonly name: string;
      readonly deletionTimestamp?: string;
    };
    readonly status: {
      readonly phase?: string;
      readonly podIP?: string;
      readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    };
  }[];
}

interface ShopPod extends ScrapedPod {
  /** A Service would lead to it. */
  readonly isReady: boolean;
}

export interface ShopsOptions {
  readonly client: ClusterClient;
  /** Where Prometheus reads which pods to scrape. */
  readonly targetsFile: string;
  /** How many calls a second a shop gets, by its namespace. */
  readonly callsPerSecond: ReadonlyMap<string, number>;
}

/** Begins to call, and to tell Prometheus. The returned function ends both. */
export function openShops({ client, targetsFile, callsPerSecond }: ShopsOptions): () => void {
  let pods: readonly ShopPod[] = [];
  const read = async () => {
    pods = shopPods(await client.send<Pods>("GET", "/api/v1/pods"));
    await writeScrapedPods(targetsFile, pods, PORT);
  };
  // A read that fails leaves everything as it was.
  const timer = setInterval(() => void read().catch(() => {}), READ_EVERY_MS);
  const addressesIn = (shop: string) =>
    pods.filter(({ namespace, isReady }) => isReady && namespace === shop).map(({ address }) => address);
  const stops = [...callsPerSecond].map(([namespace, perSecond]) =>
    startCallers({ perSecond, addresses: () => addressesIn(namespace), port: PORT, path: "/orders" }),
  );
  return () => {
    clearInterval(timer);
    for (const stop of stops) stop();
  };
}

function shopPods({ items }: Pods): readonly ShopPod[] {
  return items.flatMap(({ metadata, status }) => {
    const { namespace, name, deletionTimestamp } = metadata;
    const { phase, podIP: address, conditions = [] } = status;
    if (!namespace.startsWith("metrics-") || phase !== "Running" || address === undefined) return [];
    const isReady = conditions.some(({ type, status }) => type === "Ready" && status === "True");
    return [{ namespace, name, address, isReady: isReady && deletionTimestamp === undefined }];
  });
}
