// The post-mortem of an Incident, in Markdown: its facts where facts are wanted, and honest blanks where people know more. Pure.
import type { IncidentPhase } from "../../api/incident.ts";
import type { IncidentView } from "../../domain/snapshot/incident.ts";
import { factsOf, type IncidentFacts, releaseName } from "../incident-facts.ts";
import { tagsOf } from "../text/image-text.ts";
import { spanText } from "../text/moments.ts";
import { actionItems } from "./action-items.ts";
import { blank, codeText, markdownText } from "./markdown.ts";
import { rootCause } from "./root-cause-section.ts";
import { timeline } from "./timeline-section.ts";
import { wentWell, wentWrong } from "./went-sections.ts";

/** @param now epoch ms: an Incident that is open has lasted until then */
export function postmortem(incident: IncidentView, namespace: string, now: number): string {
  const facts = factsOf(incident);
  const release = tagsOf(incident.spec.failedRevision.images);
  const sections = [
    `# Incident post-mortem: ${markdownText(facts.target)} ${markdownText(release)}`,
    ...(facts.isOpen
      ? [`> The Incident is still open: it is ${facts.phase}. Write the post-mortem again when it has ended.`]
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
    `- **Impact:** ${impact(facts)}${blank("who noticed what, how many, what it cost")}`,
    `- **Root cause:** ${rootCauseInShort(facts)}`,
    `- **What failed:** ${markdownText(releaseName(spec.failedRevision))} of Deployment ${markdownText(target)} in namespace ${markdownText(namespace)}: ${codeText(spec.reason)}, ${markdownText(spec.message)}`,
    `- **How it ended:** ${markdownText(outcomeText(facts))}`,
    `- **Record:** Incident ${codeText(name)}${endedAt === undefined ? ", still open" : ""}`,
  ];
}

function duration({ startedAt, detectedAt, endedAt, phase }: IncidentFacts, now: number): string {
  if (endedAt === undefined)
    return `${spanText(now - startedAt)} since the rollout started, and not over yet`;
  const all = `${spanText(endedAt - startedAt)} from the start of the rollout to ${phase === "Recovered" ? "restored service" : "the end of the Incident"}`;
  return `${all} (${spanText(detectedAt - startedAt)} to detect, ${spanText(endedAt - detectedAt)} after that)`;
}

/** What callers lost, in a sentence; nothing where that was not observed. */
function impact({ lostEndpointSeconds: lost }: IncidentFacts): string {
  if (lost === undefined) return "";
  if (lost === 0) return "No Service lost a ready endpoint: the old pods served throughout. ";
  return `${lost} endpoint-${lost === 1 ? "second" : "seconds"} lost (seconds without a ready endpoint, summed over the missing endpoints). `;
}

const ENDS: Readonly<Record<IncidentPhase, string>> = {
  Held: "not yet: nothing was rolled back",
  Acting: "not yet: the rollback is in progress",
  Verifying: "not yet: the rollback was sent, and service is not restored",
  Recovered: "service was restored",
  NotRecovered: "the rollback did not restore service; what was done after that is not recorded here",
  Superseded: "a newer rollout took its place",
};

function outcomeText({ phase, rolledBackAt }: IncidentFacts): string {
  if (phase === "Recovered" && rolledBackAt === undefined) return "the release recovered without a rollback";
  return ENDS[phase];
}

function rootCauseInShort({ cause }: IncidentFacts): string {
  if (cause === undefined || cause.class === "Unknown") return blank("the cluster did not show it");
  return markdownText(cause.message);
}
