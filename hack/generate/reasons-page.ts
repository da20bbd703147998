// docs/reference/reasons.md: every reason a user may see.
import { BRAKE_REASONS, FINDING_REASONS, REQUEST_REASONS, STATE_REASONS } from "../../src/api/reasons.ts";
import type { GeneratedFile } from "./generated-file.ts";
import { code, pageHead, table } from "./markdown.ts";

export function generateReasonsPage(): GeneratedFile {
  const reasons = (words: Readonly<Record<string, string>>) =>
    table(
      ["Reason", "Meaning"],
      Object.entries(words).map(([reason, says]) => [code(reason), says]),
    );
  const text = `${pageHead("Reasons", "src/api/reasons.ts")}
The same word stands in conditions, Incidents, Kubernetes Events, the log and the metrics.

## Why a rollout is judged to fail

${reasons(FINDING_REASONS)}

## Why an Incident was opened without that

${reasons(REQUEST_REASONS)}

## Why a failed rollout is not rolled back now

Such a reason is a brake. The Incident stays \`Held\` while it applies, and its message says what would release it.

${reasons(BRAKE_REASONS)}

## What a guard says otherwise

${reasons(STATE_REASONS)}
`;
  return { path: "docs/reference/reasons.md", text };
}
