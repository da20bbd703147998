// What happened when, as a section of a post-mortem. Pure.
import type { IncidentFacts } from "../incident-facts.ts";
import { blank, markdownText } from "./markdown.ts";

/** In the order of time; all of it UTC. What people did is not known. */
export function timeline(facts: IncidentFacts): readonly string[] {
  const { startedAt, firstSignAt, detectedAt, rolledBackAt } = facts;
  const reported = facts.timeline.map(({ at, what, message }) => ({
    at: Date.parse(at),
    text: `${what}: ${message}`,
  }));
  const has = (at: number) => reported.some((entry) => Math.abs(entry.at - at) < 1_000);
  const derived = [
    ...(has(startedAt)
      ? []
      : [{ at: startedAt, text: "RolloutStarted: the rollout of the release started." }]),
    ...(has(firstSignAt) ? [] : [{ at: firstSignAt, text: "FirstSign: the first sign of the failure." }]),
    ...(has(detectedAt) ? [] : [{ at: detectedAt, text: "Detected: the rollout counted as failed." }]),
    ...(rolledBackAt === undefined || has(rolledBackAt)
      ? []
      : [{ at: rolledBackAt, text: "RolledBack: the rollback was sent." }]),
  ];
  const lines = [...derived, ...reported].sort((a, b) => a.at - b.at);
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
