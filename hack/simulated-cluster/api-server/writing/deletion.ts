// The rules of deletion: how long pods are given, what has to happen first, how an object says so. Pure.
import { isSameJson, type KubeObject } from "../kube-object.ts";
import type { ResourceDefinition } from "../resource-definition.ts";

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number | undefined;
  readonly propagationPolicy?: "Background" | "Foreground" | "Orphan" | undefined;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string } | undefined;
  readonly isDryRun?: boolean | undefined;
}

/** Only pods that a kubelet has are given time to end. */
export function graceSecondsOf(
  resource: ResourceDefinition,
  object: KubeObject,
  wanted: number | undefined,
): number {
  if (resource.id !== "pods") return 0;
  const spec = object.spec as { nodeName?: string; terminationGracePeriodSeconds?: number };
  const { phase } = object.status as { phase?: string };
  if (!spec.nodeName || phase === "Failed" || phase === "Succeeded") return 0;
  return Math.max(0, wanted ?? spec.terminationGracePeriodSeconds ?? 30);
}

const FINALIZER_OF_POLICY = { Foreground: "foregroundDeletion", Orphan: "orphan" } as const;

/** What the garbage collector does before an object goes, by finalizer. */
const POLICY_FINALIZERS: readonly string[] = Object.values(FINALIZER_OF_POLICY);

/**
 * What must be done before the object may go: its own finalizers and that of the way it is deleted. A way that is
 * named takes the place of another one; without one that of before stays.
 */
export function finalizersFor(
  object: KubeObject,
  policy: DeleteOptions["propagationPolicy"],
): readonly string[] {
  const present = object.metadata.finalizers ?? [];
  if (policy === undefined) return present;
  const kept = present.filter((each) => !POLICY_FINALIZERS.includes(each));
  if (policy === "Background") return kept;
  const wanted = FINALIZER_OF_POLICY[policy];
  return present.includes(wanted)
    ? present.filter((each) => kept.includes(each) || each === wanted)
    : [...kept, wanted];
}

/** Whether the object is being deleted already, at least as soon and with the same things to do first. */
export function isBeingDeletedSo(
  { metadata }: KubeObject,
  graceSeconds: number,
  finalizers: readonly string[],
): boolean {
  const remaining = metadata.deletionGracePeriodSeconds;
  const isSoonEnough = remaining !== undefined && remaining <= graceSeconds;
  return isSoonEnough && isSameJson(finalizers, metadata.finalizers ?? []);
}

/** The object while it is being deleted. Only the first deletion counts as a new generation. */
export function deletingObject(
  resource: ResourceDefinition,
  current: KubeObject,
  deletion: {
    readonly deletionTimestamp: string;
    readonly graceSeconds: number;
    readonly finalizers: readonly string[];
  },
): KubeObject {
  const { deletionTimestamp, graceSeconds, finalizers } = deletion;
  const { generation, deletionGracePeriodSeconds: remaining } = current.metadata;
  return {
    ...current,
    metadata: {
      ...current.metadata,
      ...(generation !== undefined && { generation: generation + (remaining === undefined ? 1 : 0) }),
      deletionTimestamp,
      deletionGracePeriodSeconds: graceSeconds,
      finalizers: finalizers.length > 0 ? finalizers : undefined,
    },
    ...(resource.id === "namespaces" && { status: { phase: "Terminating" } }),
  };
}
