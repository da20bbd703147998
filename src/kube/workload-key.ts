// The key of a workload in the whole cluster: what indexes of guards and Incidents go by.
import type { Target } from "./reconcile-key.ts";

/** "namespace/Kind/name". */
export type WorkloadKey = `${string}/${Target["kind"]}/${string}`;

export function workloadKey(namespace: string, { kind, name }: Target): WorkloadKey {
  return `${namespace}/${kind}/${name}`;
}
