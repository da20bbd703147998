// What to do so that it does not happen again, as a section of a post-mortem. Pure.
import type { IncidentFacts } from "../incident-facts.ts";
import { foundBy } from "./found-by-check.ts";
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
