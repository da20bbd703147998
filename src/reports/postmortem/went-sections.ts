// What went well and what went wrong, as sections of a post-mortem. Pure.
import { undoStep } from "../../api/incident-step.ts";
import type { IncidentView } from "../../domain/snapshot/incident.ts";
import { type IncidentFacts, releaseName } from "../incident-facts.ts";
import { shortImage } from "../text/image-text.ts";
import { spanText } from "../text/moments.ts";
import { foundBy } from "./found-by-rule.ts";
import { blank, codeText, markdownText } from "./markdown.ts";

/** What the guard and the operator did for the service. */
export function wentWell({ spec, status }: IncidentView, facts: IncidentFacts): readonly string[] {
  const { startedAt, detectedAt, rolledBackAt, endedAt, phase, cause } = facts;
  const restored = undoStep(status) && spec.restoreRevision;
  return [
    facts.isManual
      ? `- A rollback was requested ${spanText(detectedAt - startedAt)} after the rollout started.`
      : `- RolloutGuard detected the failure ${spanText(detectedAt - startedAt)} after the rollout started.`,
    ...(restored && rolledBackAt !== undefined
      ? [
          `- It was rolled back to ${markdownText(releaseName(restored))}, ${spanText(rolledBackAt - detectedAt)} after that, ${facts.isManual ? "by hand" : "by RolloutGuard"}.`,
        ]
      : []),
    ...(phase === "Recovered" && endedAt !== undefined
      ? [
          `- Service was restored ${spanText(endedAt - detectedAt)} after ${facts.isManual ? "that" : "the failure was detected"}.`,
        ]
      : []),
    ...(cause && cause.class !== "Unknown" && cause.certainty !== undefined
      ? [`- The cause was named when the Incident was opened (${cause.certainty}).`]
      : []),
    `- ${blank("what people did well")}`,
  ];
}

/** @param now epoch ms: an Incident that is open has lasted until then */
export function wentWrong(
  { spec, status }: IncidentView,
  facts: IncidentFacts,
  now: number,
): readonly string[] {
  const { cause, furtherCauses, phase, detectedAt, endedAt } = facts;
  const rule = foundBy(cause?.class);
  const lasted = spanText((endedAt ?? now) - detectedAt);
  return [
    `- ${markdownText(`${spec.failedRevision.images.map(shortImage).join(", ") || "The release"} was released and failed: ${spec.message}`)}`,
    ...(cause && cause.class !== "Unknown" ? [`- ${markdownText(cause.message)}`] : []),
    ...furtherCauses.map((other) => `- ${markdownText(other)}`),
    ...(status?.brake
      ? [`- No rollback, ${codeText(status.brake.reason)}: ${markdownText(status.brake.message)}`]
      : []),
    ...(phase === "NotRecovered"
      ? [`- ${markdownText(status?.message ?? "The rollback did not restore service.")}`]
      : []),
    ...(phase === "Held" || (phase === "Superseded" && !undoStep(status))
      ? [`- The failing release stayed for ${lasted} after it was detected.`]
      : []),
    ...(rule === undefined
      ? []
      : [
          `- The manifests were not linted before the rollout: ${codeText(`kubectl rolloutguard lint`)} finds this (${codeText(rule)}). ${blank("or why it did not")}`,
        ]),
    `- ${blank("why it was not caught before production")}`,
  ];
}
