// An Incident as somebody who was woken up reads it: what, since when, why, how one knows, what was done, is it over. Pure.
import { undoStep } from "../../src/api/incident-step.ts";
import type { IncidentObject } from "./sight.ts";

export interface ReportPart {
  readonly label: string;
  /** Paragraphs of one sentence or two. */
  readonly says: readonly string[];
}

/** A pod's uid, as the kubelet adds it to its messages. */
const POD_UID = /_[a-z0-9-]+\([0-9a-f-]{36}\)/g;
/** What differs from pod to pod: the end of its name, its address, how often an Event came. */
const OF_ONE_POD = /-[a-z0-9]{5}\b|\d+\.\d+\.\d+\.\d+|\(×\d+\)/g;

/** The parts in the order in which they are asked for. */
export function incidentReport({ spec, status }: IncidentObject): readonly ReportPart[] {
  const { failedRevision, rolloutStartedAt, detectedAt, reason, message } = spec;
  const evidence = spec.findings.flatMap((finding) => finding.evidence);
  const parts: ReportPart[] = [
    { label: "summary", says: [`${failedRevision.images.join(", ")} fails, ${reason}: ${message}`] },
    {
      label: "timeline",
      says: [`rollout started at ${clock(rolloutStartedAt)}, failure detected at ${clock(detectedAt)}`],
    },
    { label: "cause", says: [status?.rootCause ?? "unknown"] },
    { label: "evidence", says: withoutRepetition(evidence) },
    { label: "changes", says: status?.changes ?? [] },
    { label: "action", says: [actionSummary(spec, status)] },
    { label: "resolved", says: [isItOver(status)] },
  ];
  return parts.filter(({ says }) => says.length > 0);
}

/** What the cluster showed of one pod it mostly shows of others too: the first of its kind, and how many more. */
function withoutRepetition(evidence: readonly string[]): readonly string[] {
  const kinds = new Map<string, { readonly first: string; readonly count: number }>();
  for (const line of evidence) {
    const text = line.replace(POD_UID, "");
    const kind = text.replace(OF_ONE_POD, "…");
    const { first = text, count = 0 } = kinds.get(kind) ?? {};
    kinds.set(kind, { first, count: count + 1 });
  }
  return [...kinds.values()].map(({ first, count }) =>
    count === 1 ? first : `${first} (and ${count - 1} more like this)`,
  );
}

function actionSummary(
  { restoreRevision }: IncidentObject["spec"],
  status: IncidentObject["status"],
): string {
  const undo = undoStep(status);
  if (undo) {
    const images = restoreRevision?.images.join(", ") ?? "";
    return `rolled back to ${images} (${undo.to}) at ${clock(undo.startedAt)}`;
  }
  return status?.brake ? `none, ${status.brake.reason}: ${status.brake.message}` : "none yet";
}

function isItOver(status: IncidentObject["status"]): string {
  if (status?.endedAt === undefined) return `no, ${status?.phase ?? "new"}: ${status?.message ?? ""}`;
  if (status.phase !== "Recovered") return `no, ${status.phase}: ${status.message}`;
  const { secondsToDetect = 0, secondsToRecover = 0 } = status;
  return `yes, at ${clock(status.endedAt)}: ${secondsToDetect}s to detect, ${secondsToRecover}s to recover. ${status.message}`;
}

/** The time of day, to the second. */
function clock(instant: string): string {
  return `${new Date(instant).toISOString().slice(11, 19)} UTC`;
}
