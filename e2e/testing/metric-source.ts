// A metric source for tests: it knows how each pod serves its callers, and answers the queries of ratios as Prometheus does.
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Requests a second. */
export interface Serving {
  readonly bad: number;
  readonly total: number;
}

type ServingOf = (namespace: string, pod: string) => Serving | undefined;

export interface MetricSource {
  /** The file for --metric-sources; its source is called `default`. */
  readonly file: string;
  /** The queries that came. */
  readonly queries: readonly string[];
  stop(): Promise<void>;
}

/** `servingOf` is asked for each pod that a query names; undefined: there is no series of it. */
export async function startMetricSource(servingOf: ServingOf): Promise<MetricSource> {
  const queries: string[] = [];
  const pods = new Pods(servingOf);
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += String(chunk);
    });
    request.on("end", () => {
      const query = new URLSearchParams(body).get("query") ?? "";
      queries.push(query);
      const result = pods.answer(query);
      response.end(JSON.stringify({ status: "success", data: { resultType: "vector", result } }));
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const folder = await mkdtemp(join(tmpdir(), "metric-source-"));
  const file = join(folder, "sources.yaml");
  const source = { name: "default", url: `http://127.0.0.1:${port}`, namespaces: ["*"] };
  // The cluster's time is faster than that of this machine, and so are the guards.
  await writeFile(file, JSON.stringify({ sources: [{ ...source, limits: { perSecond: 1_000 } }] }));
  return {
    file,
    queries,
    async stop() {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** What is known of each pod stays when it is gone, as in Prometheus; a pattern finds it then. */
class Pods {
  readonly #known = new Map<string, Serving>();
  readonly #servingOf: ServingOf;

  constructor(servingOf: ServingOf) {
    this.#servingOf = servingOf;
  }

  answer(query: string): object[] {
    const [, namespace = ""] = /namespace="([^"]*)"/.exec(query) ?? [];
    const [, pattern = ""] = /pod=~"([^"]*)"/.exec(query) ?? [];
    const seconds = Number(/\[(\d+)s\]/.exec(query)?.[1] ?? 0);
    const measure = query.includes("code=~") ? "bad" : "total";
    for (const pod of pattern.split("|")) {
      const serving = this.#servingOf(namespace, pod);
      if (serving !== undefined) this.#known.set(`${namespace}/${pod}`, serving);
    }
    const isAsked = new RegExp(`^${namespace}/(?:${pattern})$`);
    return [...this.#known]
      .filter(([key]) => isAsked.test(key))
      .map(([key, serving]) => ({
        metric: { pod: key.split("/")[1] },
        value: [0, String(serving[measure] * seconds)],
      }));
  }
}
