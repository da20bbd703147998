// One pod in a fast simulated cluster, for tests of the kubelet: made, waited for, and asked how it is.
import type { Condition, ContainerStatus, Pod, PodSpec } from "../../api-server/kinds.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../../simulated-cluster.ts";
import { waitUntil } from "../../wait-until.ts";

const NAMESPACE = "shop";

export interface PodUnderTest {
  readonly cluster: SimulatedCluster;
  /** The last that was seen of it. */
  pod(): Pod;
  isGone(): boolean;
  container(name?: string): ContainerStatus | undefined;
  condition(type: string): Condition | undefined;
  /** The messages of its Events of that reason, in the order in which they were first told. */
  events(reason: string): string[];
  until(what: string, holds: () => boolean, limitMs?: number): Promise<void>;
  delete(): void;
  stop(): Promise<void>;
}

/** A container of an image that is there; `env` chooses how its application behaves. */
export function container(name: string, env: Record<string, string> = {}, more: object = {}) {
  const variables = Object.entries(env).map(([variable, value]) => ({ name: variable, value }));
  return { name, image: `${name}:1`, env: variables, ...more };
}

/** Starts a cluster with one pod that no controller owns, after `prepare`. */
export async function runPod(
  spec: Partial<PodSpec>,
  prepare: (cluster: SimulatedCluster) => void = () => {},
): Promise<PodUnderTest> {
  const cluster = await startSimulatedCluster({ timeScale: 300, seed: 5 });
  prepare(cluster);
  let last: Pod | undefined;
  let isGone = false;
  cluster.store.subscribe("pods", ({ type, object }) => {
    last = object as Pod;
    isGone = type === "DELETED";
  });
  cluster.store.apply({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web", namespace: NAMESPACE, labels: { app: "web" } },
    spec: { terminationGracePeriodSeconds: 10, ...spec },
  });
  const pod = (): Pod => {
    if (last === undefined) throw new Error("There is no pod.");
    return last;
  };
  return {
    cluster,
    pod,
    isGone: () => isGone,
    container: (name = "app") => {
      const { initContainerStatuses = [], containerStatuses = [] } = pod().status;
      return [...initContainerStatuses, ...containerStatuses].find((each) => each.name === name);
    },
    condition: (type) => pod().status.conditions?.find((each) => each.type === type),
    events: (reason) => {
      const found = [...cluster.store.values("events", NAMESPACE)].filter((event) => event.reason === reason);
      return found.map(({ message }) => message);
    },
    until: (what, holds, limitMs) => waitUntil(cluster, what, holds, limitMs),
    delete: () => cluster.store.delete("pods", NAMESPACE, "web"),
    stop: () => cluster.stop(),
  };
}
