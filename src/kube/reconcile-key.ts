// The key of a pass: a guard and one of its targets. The queue holds such keys, and the caches announce them.
import { DEFAULT_WORKLOAD_KIND, WORKLOAD_KINDS, type WorkloadKind } from "../api/workload-kind.ts";

/** A workload of the guard's namespace. The name is empty where a guard gives none. */
export interface Target {
  readonly kind: WorkloadKind;
  readonly name: string;
}

/** "namespace/guard/Kind/target"; only a wrong name of a target holds a slash. */
export type ReconcileKey = `${string}/${string}/${WorkloadKind}/${string}`;

/** The key of that guard of the namespace with that target. */
export function reconcileKey(namespace: string, guard: string, { kind, name }: Target): ReconcileKey {
  return `${namespace}/${guard}/${kind}/${name}`;
}

/** The inverse of `reconcileKey`. */
export function parseReconcileKey(key: ReconcileKey): {
  readonly namespace: string;
  readonly guard: string;
  readonly target: Target;
} {
  const [namespace = "", guard = "", kind, ...name] = key.split("/");
  return { namespace, guard, target: { kind: workloadKindOf(kind), name: name.join("/") } };
}

/** The kind that is named there; the default where it is none that a guard can target. */
export function workloadKindOf(value: unknown): WorkloadKind {
  return WORKLOAD_KINDS.find((kind) => kind === value) ?? DEFAULT_WORKLOAD_KIND;
}
