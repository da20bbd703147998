// Revision numbers and the annotations that a Deployment shares with its current ReplicaSet.
import type { Deployment, PodTemplate, ReplicaSet } from "../../api-server/kinds.ts";
import { isSameJson, type Texts } from "../../api-server/kube-object.ts";
import { olderFirst, sizeAnnotations } from "./replica-counts.ts";

export const REVISION = "deployment.kubernetes.io/revision";
const HISTORY = "deployment.kubernetes.io/revision-history";
const HASH = "pod-template-hash";
const MAX_HISTORY_CHARACTERS = 2_000;

/** Annotations that belong to one of the two objects and are never copied. */
const NOT_COPIED = new Set([
  "kubectl.kubernetes.io/last-applied-configuration",
  REVISION,
  HISTORY,
  "deployment.kubernetes.io/desired-replicas",
  "deployment.kubernetes.io/max-replicas",
  "deprecated.deployment.rollback.to",
]);

export function revisionOf({ metadata }: { metadata: { annotations?: Texts | undefined } }): number {
  return Number(metadata.annotations?.[REVISION] ?? 0) || 0;
}

function withoutHash(template: PodTemplate): unknown {
  const { labels, annotations } = template.metadata ?? {};
  const { [HASH]: _hash, ...rest } = labels ?? {};
  return { labels: rest, annotations: annotations ?? {}, spec: template.spec };
}

/** The ReplicaSet that runs the Deployment's template: of several, the oldest. */
export function findNewSet(deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  const wanted = withoutHash(deployment.spec.template);
  return [...sets].sort(olderFirst).find(({ spec }) => isSameJson(withoutHash(spec.template), wanted));
}

/** The annotations that the current ReplicaSet gets; `revision` is one more than that of all others. */
export function newSetAnnotations(
  deployment: Deployment,
  existing: ReplicaSet | undefined,
  revision: number,
): Texts {
  const annotations: Record<string, string> = { ...existing?.metadata.annotations };
  for (const [name, value] of Object.entries(deployment.metadata.annotations ?? {})) {
    if (!NOT_COPIED.has(name)) annotations[name] = value;
  }
  const before = existing === undefined ? 0 : revisionOf(existing);
  if (before >= revision) return annotations;
  annotations[REVISION] = String(revision);
  if (existing === undefined) return { ...annotations, ...sizeAnnotations(deployment) };
  if (existing.metadata.annotations?.[REVISION] !== undefined) {
    annotations[HISTORY] = appendRevision(annotations[HISTORY], before);
  }
  return annotations;
}

function appendRevision(history: string | undefined, revision: number): string {
  const revisions = history ? history.split(",") : [];
  revisions.push(String(revision));
  while (revisions.length > 1 && revisions.join(",").length > MAX_HISTORY_CHARACTERS) revisions.shift();
  return revisions.join(",");
}
