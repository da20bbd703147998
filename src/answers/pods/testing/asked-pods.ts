// Pods to ask, for tests.
import type { AskedPod } from "../../../domain/snapshot/asked-pod.ts";
import { ManualClock } from "../../../kube/testing/manual-clock.ts";
import { dialDirectly } from "../dial.ts";
import { PodClient, type PodClientOptions } from "../pod-client.ts";

/** A pod at that address, whose container declares the port `http`. */
export function anAskedPod(
  { address, port }: { readonly address: string; readonly port: number },
  change: Partial<AskedPod> = {},
): AskedPod {
  return {
    name: "web-1",
    uid: "uid-of-web-1",
    addresses: [address],
    isHostNetwork: false,
    ports: [{ name: "http", port }],
    ...change,
  };
}

/** A client that can ask pods on the loopback address, unless a test wants the rule that always applies otherwise. */
export function aPodClient(change: Partial<PodClientOptions> = {}): PodClient {
  return new PodClient({
    dial: dialDirectly,
    clock: new ManualClock(),
    userAgent: "rolloutguard/test",
    addressRule: () => undefined,
    ...change,
  });
}
