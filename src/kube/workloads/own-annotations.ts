// What RolloutGuard's annotations on a workload say: a person's veto, the last rollback, and its own pause. The same for every kind.
import { ANNOTATIONS } from "../../api/group.ts";
import type { WorkloadView } from "../../domain/snapshot/workload.ts";
import type { Masking } from "../masking/pod-masking.ts";
import { asInstant, asName, asObject, asTexts, type RawObject } from "../objects.ts";

type Annotations = Readonly<Record<string, string>>;

/** From the annotations of the workload and of its pod template. */
export function projectOwnAnnotations(
  annotations: Annotations,
  template: RawObject,
  mask: Masking,
): Pick<WorkloadView, "veto" | "rolledBack" | "pausedFor" | "frozenRevision"> {
  const ofTemplate = asTexts(asObject(template.metadata).annotations);
  const veto = annotations[ANNOTATIONS.veto] ?? ofTemplate[ANNOTATIONS.veto];
  return {
    veto: veto === undefined ? undefined : mask(veto),
    rolledBack: rolledBackIn(annotations),
    pausedFor: asName(annotations[ANNOTATIONS.pausedFor]),
    frozenRevision: asName(annotations[ANNOTATIONS.frozenRevision]),
  };
}

function rolledBackIn(annotations: Annotations): WorkloadView["rolledBack"] {
  const incident = asName(annotations[ANNOTATIONS.incident]);
  const at = asInstant(annotations[ANNOTATIONS.rolledBackAt]);
  if (incident === undefined || at === undefined) return undefined;
  const generation = generationIn(annotations[ANNOTATIONS.rolledBackGeneration]);
  return { incident, at, ...(generation !== undefined && { generation }) };
}

function generationIn(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
}
