// What to do so that it does not happen again, as a section of a post-mortem. Pure.
import type { IncidentFacts } from "../incident-facts.ts";
import { foundBy } from "./found-by-rule.ts";
import { blank, codeBlock, markdownText } from "./markdown.ts";

const OWNER = `(${blank("who, until when")})`;

/** A checkbox each, with the command where there is one. */
export function actionItems({
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
    items.push({ text: `Roll Deployment ${target} back to a release that works` });
  }
  if (rolledBackAt !== undefined) {
    items.push({ text: "Fix the manifest at its source: the next apply ships the same release again" });
  }
  const rule = foundBy(cause?.class);
  if (rule !== undefined) {
    items.push({
      text: `Lint manifests in the pipeline (${rule})`,
      command: "kubectl rolloutguard lint -f PATH",
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
