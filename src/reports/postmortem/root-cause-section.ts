// Why it happened, as a section of a post-mortem. Pure.
import { causeLink, causeMeaning, type IncidentFacts } from "../incident-facts.ts";
import { blank, codeBlock, codeText, markdownText } from "./markdown.ts";

/** Every quotation would hide those that say something. */
const MOST_QUOTATIONS = 6;

/** The cause with its class and meaning, what the cluster showed, and what the release changed. */
export function rootCause({ cause, evidence, changes, lastWords }: IncidentFacts): readonly string[] {
  const certainty = cause?.certainty === undefined ? "" : ` (${cause.certainty})`;
  const link = causeLink(cause?.class);
  const meaning = causeMeaning(cause?.class);
  return [
    cause === undefined ? blank("the Incident does not name one") : markdownText(cause.message),
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
          `Last log lines of ${markdownText(lastWords.of)}:`,
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
