// An Incident as somebody reads it who was woken up: what failed, when, why, what was done, is it resolved, what to do.

import { DOCUMENTATION_BASE } from "../../../api/causes.ts";
import { undoStep } from "../../../api/incident-step.ts";
import { type Reason, reasonPage } from "../../../api/reasons.ts";
import type { IncidentView } from "../../../domain/snapshot/incident.ts";
import {
  causeLink,
  causeMeaning,
  factsOf,
  type IncidentFacts,
  releaseName,
} from "../../../reports/incident-facts.ts";
import { ageText, momentText, spanText } from "../../../reports/text/moments.ts";
import { painter, type Terminal } from "../../terminal.ts";
import { type PagePart, pageText } from "../../text/labelled-page.ts";
import { PHASE_COLOURS } from "../../text/phase-colours.ts";
import type { ReadIncident } from "./read-incidents.ts";

/** More lines would push what to do off the screen; -o wide shows all. */
const MOST_LINES = 5;

export function incidentPage(
  { view, namespace, problem }: ReadIncident,
  now: number,
  look: Pick<Terminal, "columns" | "hasColours">,
  isWide: boolean,
): string {
  const paint = painter(look);
  const facts = factsOf(view);
  const parts: PagePart[] = [
    { label: "Summary", says: [summary(view, facts)] },
    { label: "Timeline", says: [began(facts, now), ...(isWide ? timeline(facts, now) : [])] },
    { label: "Cause", says: cause(facts) },
    { label: "Evidence", says: few(facts.evidence, isWide) },
    { label: "Last log", says: lastWords(facts, isWide) },
    { label: "Impact", says: impact(facts) },
    { label: "Changes", says: few(facts.changes, isWide) },
    { label: "Action taken", says: [actionTaken(view, facts, now)] },
    {
      label: "Resolved?",
      says: [isResolved(view, facts, now).replace(/^\w+/, (word) => paint(PHASE_COLOURS[facts.phase], word))],
    },
    { label: "Next steps", says: nextSteps(view, facts, namespace) },
    { label: "See also", says: seeAlso(view, facts, namespace) },
    { label: "Note", says: problem === undefined ? [] : [problem] },
  ];
  return pageText(`Incident ${paint("bold", view.name)} in ${namespace}`, parts, look);
}

function summary({ spec }: IncidentView, { target, isManual }: IncidentFacts): string {
  const verb = isManual ? "is rolled back by hand" : "failed";
  return `${releaseName(spec.failedRevision)} of Deployment ${target} ${verb}, ${spec.reason}: ${spec.message}`;
}

function lastWords({ lastWords: said }: IncidentFacts, isWide: boolean): PagePart["says"] {
  if (said === undefined) return [];
  const { of, lines, missing } = said;
  if (lines.length === 0) return [missing ?? `${of} logged nothing`];
  const shown = isWide ? lines : lines.slice(-MOST_LINES);
  const left = lines.length - shown.length;
  return [
    `${of} logged${left > 0 ? ` (${left} earlier ${left === 1 ? "line" : "lines"}: -o wide)` : ""}:`,
    ...shown.map((line) => ({ verbatim: `  ${line}` })),
  ];
}

function began({ startedAt, detectedAt, isManual }: IncidentFacts, now: number): string {
  const start = `The rollout started at ${momentText(startedAt, now)}, ${ageText(startedAt, now)} ago`;
  const then = isManual ? "the rollback was requested" : "the failure was detected";
  return `${start}; ${then} at ${momentText(detectedAt, now)}, ${spanText(detectedAt - startedAt)} later.`;
}

function cause({ cause: found, furtherCauses }: IncidentFacts): readonly string[] {
  if (found === undefined) return ["not recorded: unknown, or the Incident is of an older version"];
  const certainty = found.certainty === undefined ? "" : ` (${found.certainty})`;
  const head = found.class === undefined ? [] : [`${found.class}${certainty}: ${causeMeaning(found.class)}`];
  return [...head, found.message, ...furtherCauses.map((other) => `- also ${other}`)];
}

function impact({ lostEndpointSeconds: lost }: IncidentFacts): readonly string[] {
  if (lost === undefined) return [];
  if (lost === 0) return ["none: no Service lost a ready endpoint, the old pods served throughout"];
  return [`${lost} endpoint-${lost === 1 ? "second" : "seconds"} lost`];
}

function few(lines: readonly string[], isWide: boolean): readonly string[] {
  const shown = isWide || lines.length <= MOST_LINES + 1 ? lines : lines.slice(0, MOST_LINES);
  const left = lines.length - shown.length;
  return [...shown.map((line) => `- ${line}`), ...(left > 0 ? [`- and ${left} more: -o wide`] : [])];
}

function actionTaken(
  { spec, status }: IncidentView,
  { rolledBackAt, phase }: IncidentFacts,
  now: number,
): string {
  if (rolledBackAt !== undefined) {
    const to = spec.restoreRevision ? releaseName(spec.restoreRevision) : `revision ${undoStep(status)?.to}`;
    return `rolled back to ${to} at ${momentText(rolledBackAt, now)}`;
  }
  if (status?.brake) return `none, ${status.brake.reason}: ${status.brake.message}`;
  return phase === "Acting" ? "the rollback is decided and not sent yet" : "no rollback";
}

function isResolved(view: IncidentView, facts: IncidentFacts, now: number): string {
  const message = view.status?.message ?? "";
  const { endedAt, phase, detectedAt } = facts;
  if (endedAt === undefined)
    return `No. ${phase} for ${spanText(now - phaseSince(facts))}. ${message}`.trim();
  const at = `at ${momentText(endedAt, now)}, ${spanText(endedAt - detectedAt)} after it was detected`;
  if (phase === "Recovered") return `Yes, recovered ${at}. ${message}`;
  if (phase === "Superseded") return `Yes, superseded by a newer rollout ${at}. ${message}`;
  return `No, not recovered: the rollback ended ${at} and did not restore service. ${message}`;
}

function phaseSince({ timeline: reported, detectedAt }: IncidentFacts): number {
  const last = reported.at(-1);
  return last === undefined ? detectedAt : Date.parse(last.at);
}

/** First what brings service back, then what keeps it from happening again. */
function nextSteps(
  { spec, status }: IncidentView,
  facts: IncidentFacts,
  namespace: string,
): PagePart["says"] {
  const { cause, phase, furtherRemedies, rolledBackAt, target } = facts;
  const says: PagePart["says"][number][] = [];
  if (phase === "Held" && status?.brake?.reason !== "SignsGone" && spec.restoreRevision) {
    says.push("Roll back to the version before now:", {
      verbatim: `kubectl rolloutguard rollback ${target} -n ${namespace}`,
    });
  }
  if (phase === "NotRecovered") {
    says.push("The rollback did not help, and RolloutGuard will not try again. See what is running:", {
      verbatim: `kubectl rolloutguard status -n ${namespace}`,
    });
  }
  if (cause?.remedy !== undefined) says.push(cause.remedy);
  if (cause?.patch !== undefined) {
    says.push(
      rolledBackAt === undefined ? "With kubectl:" : "With kubectl, before that release is applied again:",
      {
        verbatim: cause.patch,
      },
    );
  }
  for (const { remedy, patch } of furtherRemedies) {
    says.push(`Also: ${remedy}`, ...(patch === undefined ? [] : [{ verbatim: patch }]));
  }
  if (rolledBackAt !== undefined) {
    says.push(
      "Fix the manifest at its source before you apply it again: the next apply ships the same release.",
    );
  }
  return says;
}

function timeline({ timeline: reported }: IncidentFacts, now: number): readonly string[] {
  return reported.map(({ at, what, message }) => `${momentText(Date.parse(at), now)} ${what}: ${message}`);
}

/** Pages about the cause, the reason, and what keeps the guard from helping; then the way to the post-mortem. */
function seeAlso(
  { name, spec, status }: IncidentView,
  facts: IncidentFacts,
  namespace: string,
): PagePart["says"] {
  const link = causeLink(facts.cause?.class);
  const { phase } = facts;
  const reasons: readonly Reason[] = [
    spec.reason,
    ...(phase === "Held" && status?.brake ? [status.brake.reason] : []),
    ...(phase === "NotRecovered" ? [phase] : []),
  ];
  return [
    ...(link === undefined ? [] : [{ verbatim: link }]),
    ...reasons.map((reason) => ({ verbatim: `${DOCUMENTATION_BASE}/${reasonPage(reason)}` })),
    { verbatim: `kubectl rolloutguard postmortem ${name} -n ${namespace}` },
  ];
}
