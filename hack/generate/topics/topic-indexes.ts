// docs/causes/index.md and docs/reasons/index.md: every cause and every reason, with its page.
import type { GeneratedFile } from "../generated-file.ts";
import { code, pageHead, table } from "../markdown.ts";
import { SYMPTOMS } from "./symptoms.ts";
import {
  BRAKE_TOPICS,
  CAUSE_TOPICS,
  FINDING_TOPICS,
  REQUEST_TOPICS,
  STATE_TOPICS,
  type Topic,
} from "./topics.ts";

export function generateTopicIndexes(): readonly GeneratedFile[] {
  return [
    { path: "docs/causes/index.md", text: causes() },
    { path: "docs/reasons/index.md", text: reasons() },
  ];
}

function causes(): string {
  return `${pageHead("Causes", "src/api/causes.ts")}
A [reason](../reasons/index.md) says that a rollout fails; a cause says why. An Incident has its cause in \`status.cause\`,
with its certainty and a remedy. Events, the log and the metric \`rolloutguard_incident_causes_total\` use the same word.

The pages use Deployment \`checkout\` in namespace \`shop\` as an example: its pods have the label \`app=checkout\` and a container \`app\`.
Replace these names with your own. \`596f7cbf4b\` is the hash of the failed revision, which is part of the name of its Incident: use the label
\`pod-template-hash\` to select the failing pods, because \`deployment/checkout\` can give you a healthy one. POD is the name of a failing pod.
After a rollback these pods are gone, and the Incident keeps the evidence. Fix the manifest in its source; otherwise the next apply deploys the
same fault again.

## By what Kubernetes says

${table(
  ["In Events, or in `kubectl describe pod`", "Usually"],
  SYMPTOMS.map(([words, ...classes]) => [
    code(words),
    classes.map((word) => links(CAUSE_TOPICS, word)).join(", "),
  ]),
)}

## All causes

${meanings("Cause", CAUSE_TOPICS)}
`;
}

function reasons(): string {
  return `${pageHead("Reasons", "src/api/reasons.ts")}
Conditions, Incidents, Kubernetes Events, the log and the metrics use the same word for a reason. Why a rollout fails is its
[cause](../causes/index.md). The pages use Deployment \`checkout\` and its guard \`checkout\` in namespace \`shop\` as an example; replace these
names with your own.

## Why a rollout fails

${meanings("Reason", FINDING_TOPICS)}

## Why an Incident was opened although no check fails

${meanings("Reason", REQUEST_TOPICS)}

## Why RolloutGuard does not roll back a failing rollout

Such a reason is a brake. While it applies, the Incident is \`Held\`, and its message says what ends the brake.

${meanings("Reason", BRAKE_TOPICS)}

## States of guards and Incidents

${meanings("Reason", STATE_TOPICS)}
`;
}

function meanings(head: string, topics: readonly Topic[]): string {
  return table(
    [head, "Meaning"],
    topics.map(({ word, says }) => [links(topics, word), says]),
  );
}

function links(topics: readonly Topic[], word: string): string {
  const page = topics
    .find((topic) => topic.word === word)
    ?.path.split("/")
    .at(-1);
  if (page === undefined) throw new Error(`${word} has no page`);
  return `[${word}](${page})`;
}
