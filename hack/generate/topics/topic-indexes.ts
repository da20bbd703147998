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
A [reason](../reasons/index.md) says that a rollout fails, a cause says why it does. An Incident names its cause in \`status.cause\`,
with how sure that is, and what to change; so do Events, the log, and the metric \`rolloutguard_incident_causes_total\`.

The pages speak of Deployment \`checkout\`, whose pods have the label \`app=checkout\` and a container \`app\`, in namespace \`shop\`:
put in your own names. \`596f7cbf4b\` stands for the failed revision's hash, which is in its Incident's name: the label
\`pod-template-hash\` finds the pods that fail, where \`deployment/checkout\` may show you one that is well. POD is such a pod's name. After a rollback
they are gone, and the Incident keeps what was seen of them. Then mend the manifest where it is kept, or the next apply ships the fault again.

## By what Kubernetes says

${table(
  ["In Events, or in `kubectl describe pod`", "Mostly"],
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
The same word stands in conditions, Incidents, Kubernetes Events, the log and the metrics. Why a rollout fails is its
[cause](../causes/index.md). The pages speak of Deployment \`checkout\` and its guard \`checkout\` in namespace \`shop\`: put in your own names.

## Why a rollout is judged to fail

${meanings("Reason", FINDING_TOPICS)}

## Why an Incident was opened without that

${meanings("Reason", REQUEST_TOPICS)}

## Why a failed rollout is not rolled back now

Such a reason is a brake. The Incident stays \`Held\` while it applies, and its message says what would release it.

${meanings("Reason", BRAKE_TOPICS)}

## What a guard says otherwise

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
