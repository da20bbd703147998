// The rules of deletion: who may delete, how long pods are given, what has to happen first. Pure.
import { conflict } from "./api-error.ts";
import type { KubeObject } from "./kube-object.ts";
import type { ResourceDefinition } from "./resource-definition.ts";

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number | undefined;
  readonly propagationPolicy?: "Background" | "Foreground" | "Orphan" | undefined;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string } | undefined;
  readonly isDryRun?: boolean | undefined;
}

/** Refuses with 409 when the object is not the one that is meant. */
export function checkPreconditions(
  resource: ResourceDefinition,
  { metadata }: KubeObject,
  { preconditions = {} }: DeleteOptions,
): void {
  for (const [field, title] of [
    ["uid", "UID"],
    ["resourceVersion", "ResourceVersion"],
  ] as const) {
    const wanted = preconditions[field];
    if (wanted === undefined || wanted === metadata[field]) continue;
    const why = `Precondition failed: ${title} in precondition: ${wanted}, ${title} in object meta: ${metadata[field]}`;
    throw conflict(resource, metadata.name, why);
  }
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

const FINALIZER_OF_POLICY = {
  Background: undefined,
  Foreground: "foregroundDeletion",
  Orphan: "orphan",
} as const;

/** What must be done before the object may go: its own finalizers and that of the way it is deleted. */
export function finalizersFor(
  object: KubeObject,
  policy: DeleteOptions["propagationPolicy"],
): readonly string[] {
  const added = policy && FINALIZER_OF_POLICY[policy];
  const present = object.metadata.finalizers ?? [];
  return added === undefined || present.includes(added) ? present : [...present, added];
}
