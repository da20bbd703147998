// An Incident as somebody who was woken up reads it: what, since when, why, what was done, is it over, what to do.

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
    { label: "What", says: [what(view, facts)] },
    { label: "Since", says: [since(facts, now)] },
    { label: "Why", says: why(facts) },
    { label: "Seen", says: few(facts.evidence, isWide) },
    { label: "Last words", says: lastWords(facts, isWide) },
    { label: "Changed", says: few(facts.changes, isWide) },
    { label: "Done", says: [done(view, facts, now)] },
    {
      label: "Over?",
      says: [isOver(view, facts, now).replace(/^\w+/, (word) => paint(PHASE_COLOURS[facts.phase], word))],
    },
    { label: "To do", says: toDo(view, facts, namespace) },
    { label: "Timeline", says: isWide ? timeline(facts, now) : [] },
    { label: "More", says: more(view, facts, namespace) },
    { label: "Note", says: problem === undefined ? [] : [problem] },
  ];
  return pageText(`Incident ${paint("bold", view.name)} in ${namespace}`, parts, look);
}

function what({ spec }: IncidentView, { target, isByHand }: IncidentFacts): string {
  const verb = isByHand ? "was to be rolled back by hand" : "failed";
  return `${releaseName(spec.failedRevision)} of Deployment ${target} ${verb}, ${spec.reason}: ${spec.message}`;
}

function lastWords({ lastWords: said }: IncidentFacts, isWide: boolean): PagePart["says"] {
  if (said === undefined) return [];
  const { of, lines, missing } = said;
  if (lines.length === 0) return [missing ?? `${of} wrote nothing`];
  const shown = isWide ? lines : lines.slice(-MOST_LINES);
  const left = lines.length - shown.length;
  return [
    `${of} wrote${left > 0 ? ` (${left} earlier ${left === 1 ? "line" : "lines"}: -o wide)` : ""}:`,
    ...shown.map((line) => ({ verbatim: `  ${line}` })),
  ];
}

function since({ startedAt, detectedAt, isByHand }: IncidentFacts, now: number): string {
  const began = `It began to roll out at ${momentText(startedAt, now)}, ${ageText(startedAt, now)} ago`;
  return `${began}; ${isByHand ? "the rollback was asked for" : "that it fails was noticed"} at ${momentText(detectedAt, now)}, ${spanText(detectedAt - startedAt)} later.`;
}

function why({ cause, furtherCauses }: IncidentFacts): readonly string[] {
  if (cause === undefined)
    return ["the Incident does not say: nothing was known, or an older version wrote it"];
  const certainty = cause.certainty === undefined ? "" : ` (${cause.certainty})`;
  const head = cause.class === undefined ? [] : [`${cause.class}${certainty}: ${causeMeaning(cause.class)}`];
  return [...head, cause.message, ...furtherCauses.map((other) => `- besides, ${other}`)];
}

function few(lines: readonly string[], isWide: boolean): readonly string[] {
  const shown = isWide || lines.length <= MOST_LINES + 1 ? lines : lines.slice(0, MOST_LINES);
  const left = lines.length - shown.length;
  return [...shown.map((line) => `- ${line}`), ...(left > 0 ? [`- and ${left} more: -o wide`] : [])];
}

function done({ spec, status }: IncidentView, { rolledBackAt, phase }: IncidentFacts, now: number): string {
  if (rolledBackAt !== undefined) {
    const to = spec.restoreRevision ? releaseName(spec.restoreRevision) : `revision ${undoStep(status)?.to}`;
    return `rolled back to ${to} at ${momentText(rolledBackAt, now)}`;
  }
  if (status?.brake) return `nothing, ${status.brake.reason}: ${status.brake.message}`;
  return phase === "Acting" ? "the rollback is decided and not sent yet" : "nothing was rolled back";
}

function isOver(view: IncidentView, facts: IncidentFacts, now: number): string {
  const message = view.status?.message ?? "";
  const { endedAt, phase, detectedAt } = facts;
  if (endedAt === undefined)
    return `No. ${phase} for ${spanText(now - phaseSince(facts))}. ${message}`.trim();
  const at = `at ${momentText(endedAt, now)}, ${spanText(endedAt - detectedAt)} after it was noticed`;
  if (phase === "Recovered") return `Yes, recovered ${at}. ${message}`;
  if (phase === "Superseded") return `Yes, a newer rollout took its place ${at}. ${message}`;
  return `No: it ended ${at} and service was not restored. ${message}`;
}

function phaseSince({ timeline: told, detectedAt }: IncidentFacts): number {
  const last = told.at(-1);
  return last === undefined ? detectedAt : Date.parse(last.at);
}

/** First what brings service back, then what keeps it from happening again. */
function toDo({ spec, status }: IncidentView, facts: IncidentFacts, namespace: string): PagePart["says"] {
  const { cause, phase, furtherRemedies, rolledBackAt, target } = facts;
  const says: PagePart["says"][number][] = [];
  if (phase === "Held" && status?.brake?.reason !== "SignsGone" && spec.restoreRevision) {
    says.push("To have the version before back now:", {
      verbatim: `kubectl rolloutguard rollback ${target} -n ${namespace}`,
    });
  }
  if (phase === "NotRecovered") {
    says.push("Look at what runs now; the rollback did not help, and nothing more is done by itself:", {
      verbatim: `kubectl rolloutguard status -n ${namespace}`,
    });
  }
  if (cause?.remedy !== undefined) says.push(cause.remedy);
  if (cause?.patch !== undefined) {
    says.push(
      rolledBackAt === undefined ? "As a command:" : "As a command, for when that release is shipped again:",
      {
        verbatim: cause.patch,
      },
    );
  }
  for (const { remedy, patch } of furtherRemedies) {
    says.push(`Besides: ${remedy}`, ...(patch === undefined ? [] : [{ verbatim: patch }]));
  }
  if (rolledBackAt !== undefined) {
    says.push(
      "Mend the manifest where it is kept before it is applied again: the next apply ships the same release.",
    );
  }
  return says;
}

function timeline({ timeline: told }: IncidentFacts, now: number): readonly string[] {
  return told.map(({ at, what, message }) => `${momentText(Date.parse(at), now)} ${what}: ${message}`);
}

/** Pages about the cause, the reason, and what keeps the guard from helping; then the way to the post-mortem. */
function more(
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
