// The post-mortem of an Incident, in Markdown: its facts where facts are wanted, and honest blanks where people know more. Pure.
import type { IncidentPhase } from "../../../api/incident.ts";
import type { IncidentView } from "../../../domain/snapshot.ts";
import { shortImage, tagsOf } from "../image-text.ts";
import {
  causeLink,
  causeMeaning,
  factsOf,
  type IncidentFacts,
  releaseName,
} from "../incidents/incident-facts.ts";
import { spanText } from "../moments.ts";
import { foundBy } from "./found-by-check.ts";
import { blank, codeBlock, codeText, markdownText } from "./markdown.ts";

/** Every quotation would hide those that say something. */
const MOST_QUOTATIONS = 6;

/** @param now epoch ms: an Incident that goes on has lasted until then */
export function postmortem(incident: IncidentView, namespace: string, now: number): string {
  const facts = factsOf(incident);
  const release = tagsOf(incident.spec.failedRevision.images);
  const sections = [
    `# Incident post-mortem: ${markdownText(facts.target)} ${markdownText(release)}`,
    ...(facts.isOpen
      ? [`> The Incident is not over: it is ${facts.phase}. Write this again when it has ended.`]
      : []),
    section("Summary", summary(incident, facts, namespace, now)),
    section("Timeline", timeline(facts)),
    section("What went well", wentWell(incident, facts)),
    section("What went wrong", wentWrong(incident, facts, now)),
    section("Root cause", rootCause(facts)),
    section("Action items", actionItems(facts)),
    section("Lessons for the team", [`- ${blank("what others should know")}`]),
  ];
  return `${sections.join("\n\n")}\n`;
}

function section(title: string, lines: readonly string[]): string {
  return [`## ${title}`, ...lines].join("\n");
}

function summary(
  { spec }: IncidentView,
  facts: IncidentFacts,
  namespace: string,
  now: number,
): readonly string[] {
  const { startedAt, endedAt, name, target } = facts;
  return [
    `- **Date:** ${new Date(startedAt).toISOString().slice(0, 10)}`,
    `- **Duration:** ${duration(facts, now)}`,
    `- **Impact:** ${blank("who noticed what, how many, what it cost")}`,
    `- **Root cause:** ${rootCauseInShort(facts)}`,
    `- **What failed:** ${markdownText(releaseName(spec.failedRevision))} of Deployment ${markdownText(target)} in namespace ${markdownText(namespace)}: ${codeText(spec.reason)}, ${markdownText(spec.message)}`,
    `- **How it ended:** ${markdownText(howItEnded(facts))}`,
    `- **Record:** Incident ${codeText(name)}${endedAt === undefined ? ", still open" : ""}`,
  ];
}

function duration({ startedAt, detectedAt, endedAt, phase }: IncidentFacts, now: number): string {
  if (endedAt === undefined) return `${spanText(now - startedAt)} since the rollout began, and going on`;
  const all = `${spanText(endedAt - startedAt)} from the beginning of the rollout to ${phase === "Recovered" ? "restored service" : "the end of the Incident"}`;
  return `${all} (${spanText(detectedAt - startedAt)} to detect, ${spanText(endedAt - detectedAt)} from then on)`;
}

const ENDS: Readonly<Record<IncidentPhase, string>> = {
  Held: "it has not: nothing was rolled back",
  RollingBack: "it has not: the rollback is under way",
  Verifying: "it has not: the rollback was sent, and service is not back yet",
  Recovered: "service was restored",
  NotRecovered: "service was not restored by the rollback; what was done then is not recorded here",
  Superseded: "a newer rollout took its place",
};

function howItEnded({ phase, rolledBackAt }: IncidentFacts): string {
  if (phase === "Recovered" && rolledBackAt === undefined) return "the release recovered without a rollback";
  return ENDS[phase];
}

function rootCauseInShort({ cause }: IncidentFacts): string {
  if (cause === undefined || cause.class === "Unknown")
    return blank("nothing that the cluster showed tells it");
  return markdownText(cause.message);
}

/** In the order of time; all of it UTC. What people did is not known. */
function timeline(facts: IncidentFacts): readonly string[] {
  const { startedAt, firstSignAt, detectedAt, rolledBackAt } = facts;
  const told = facts.timeline.map(({ at, what, message }) => ({
    at: Date.parse(at),
    text: `${what}: ${message}`,
  }));
  const has = (at: number) => told.some((entry) => Math.abs(entry.at - at) < 1_000);
  const derived = [
    ...(has(startedAt) ? [] : [{ at: startedAt, text: "RolloutStarted: the release began to roll out." }]),
    ...(has(firstSignAt) ? [] : [{ at: firstSignAt, text: "FirstSign: what the checks then found began." }]),
    ...(has(detectedAt) ? [] : [{ at: detectedAt, text: "Detected: it was judged to fail." }]),
    ...(rolledBackAt === undefined || has(rolledBackAt)
      ? []
      : [{ at: rolledBackAt, text: "RolledBack: the rollback was sent." }]),
  ];
  const lines = [...derived, ...told].sort((a, b) => a.at - b.at);
  const days = new Set(lines.map(({ at }) => new Date(at).toISOString().slice(0, 10)));
  return [
    ...lines.map(({ at, text }) => `- ${instant(at, days.size > 1)} - ${markdownText(text)}`),
    `- ${blank("when people noticed, who was called, what they did")}`,
    "",
    "All times are UTC.",
  ];
}

function instant(at: number, withDay: boolean): string {
  const text = new Date(at).toISOString();
  return withDay ? text.slice(0, 19).replace("T", " ") : text.slice(11, 19);
}

function wentWell({ spec, status }: IncidentView, facts: IncidentFacts): readonly string[] {
  const { startedAt, detectedAt, rolledBackAt, endedAt, phase, cause } = facts;
  const restored = status?.rollback && spec.restoreRevision;
  return [
    facts.isByHand
      ? `- A rollback was asked for ${spanText(detectedAt - startedAt)} after the rollout began.`
      : `- The failure was noticed ${spanText(detectedAt - startedAt)} after the rollout began, without anybody looking.`,
    ...(restored && rolledBackAt !== undefined
      ? [
          `- It was rolled back to ${markdownText(releaseName(restored))}, ${spanText(rolledBackAt - detectedAt)} after that, ${facts.isByHand ? "by hand" : "by RolloutGuard"}.`,
        ]
      : []),
    ...(phase === "Recovered" && endedAt !== undefined
      ? [
          `- Service was restored ${spanText(endedAt - detectedAt)} after ${facts.isByHand ? "that" : "the failure was noticed"}.`,
        ]
      : []),
    ...(cause && cause.class !== "Unknown" && cause.certainty !== undefined
      ? [`- The cause was named when the Incident was opened (${cause.certainty}).`]
      : []),
    `- ${blank("what people did well")}`,
  ];
}

function wentWrong({ spec, status }: IncidentView, facts: IncidentFacts, now: number): readonly string[] {
  const { cause, furtherCauses, phase, detectedAt, endedAt } = facts;
  const check = foundBy(cause?.class);
  const lasted = spanText((endedAt ?? now) - detectedAt);
  return [
    `- ${markdownText(`${spec.failedRevision.images.map(shortImage).join(", ") || "The release"} was shipped and did not work: ${spec.message}`)}`,
    ...(cause && cause.class !== "Unknown" ? [`- ${markdownText(cause.message)}`] : []),
    ...furtherCauses.map((other) => `- ${markdownText(other)}`),
    ...(status?.brake
      ? [`- Nothing was rolled back, ${codeText(status.brake.reason)}: ${markdownText(status.brake.message)}`]
      : []),
    ...(phase === "NotRecovered"
      ? [`- ${markdownText(status?.message ?? "The rollback did not restore service.")}`]
      : []),
    ...(phase === "Held" || (phase === "Superseded" && !status?.rollback)
      ? [`- The failing release stayed for ${lasted} after it was noticed.`]
      : []),
    ...(check === undefined
      ? []
      : [
          `- The manifests were not checked before: ${codeText(`kubectl rolloutguard check`)} finds this (${codeText(check)}). ${blank("or why it did not")}`,
        ]),
    `- ${blank("why it was not caught before production")}`,
  ];
}

function rootCause({ cause, evidence, changes, lastWords }: IncidentFacts): readonly string[] {
  const certainty = cause?.certainty === undefined ? "" : ` (${cause.certainty})`;
  const link = causeLink(cause?.class);
  const meaning = causeMeaning(cause?.class);
  return [
    cause === undefined ? blank("the Incident does not tell it") : markdownText(cause.message),
    ...(cause?.class === undefined || meaning === undefined
      ? []
      : [
          "",
          `Class: ${link ? `[${cause.class}](${link})` : codeText(cause.class)}${certainty}. ${markdownText(meaning)}`,
        ]),
    "",
    blank("why that could happen: ask why until the answer is something to change"),
    ...list("What the cluster showed:", evidence.slice(0, MOST_QUOTATIONS)),
    ...(lastWords && lastWords.lines.length > 0
      ? [
          "",
          `What ${markdownText(lastWords.of)} wrote last:`,
          "",
          codeBlock("text", lastWords.lines.join("\n")),
        ]
      : []),
    ...list("What the release changed:", changes),
  ];
}

function list(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", title, "", ...lines.map((line) => `- ${codeText(line)}`)];
}

const OWNER = `(${blank("who, until when")})`;

function actionItems({
  cause,
  furtherRemedies,
  phase,
  rolledBackAt,
  target,
}: IncidentFacts): readonly string[] {
  const items: { readonly text: string; readonly command?: string | undefined }[] = [];
  if (cause?.remedy !== undefined) items.push({ text: cause.remedy, command: cause.patch });
  for (const { remedy, patch } of furtherRemedies) items.push({ text: remedy, command: patch });
  if (phase === "Held" || phase === "NotRecovered") {
    items.push({ text: `Bring Deployment ${target} back to a release that works` });
  }
  if (rolledBackAt !== undefined) {
    items.push({ text: "Mend the manifest where it is kept: the next apply ships the same release again" });
  }
  const check = foundBy(cause?.class);
  if (check !== undefined) {
    items.push({
      text: `Check manifests in the pipeline (${check})`,
      command: "kubectl rolloutguard check -f PATH",
    });
  }
  return [
    ...items.flatMap(({ text, command }) => [
      `- [ ] ${markdownText(text)} ${OWNER}`,
      ...(command === undefined ? [] : [codeBlock("sh", command, "  ")]),
    ]),
    `- [ ] ${blank("what else keeps it from happening again")} ${OWNER}`,
  ];
}
