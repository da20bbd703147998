// The end of a container's log as an Incident may keep it: plain, without secrets, and short. Pure.
import { LAST_WORDS } from "../../api/incident.ts";
import { withoutLoggedSecrets } from "../masking/log-secret-patterns.ts";
import { plainText, shortText } from "../plain-text.ts";

const encoder = new TextEncoder();

/** The last lines of the log. `withoutValues` hides what of the pod's own settings must not be seen. */
export function lastLines(log: string, withoutValues: (text: string) => string): readonly string[] {
  // Plain before anything is looked for: colours and zero-width characters may stand inside of a secret.
  const text = plainText(log).replace(/\uFFFD{2,}/g, "\uFFFD");
  const masked = withoutLoggedSecrets(withoutValues(text));
  const lines = masked
    .trimEnd()
    .split("\n")
    .map((line) => line.trimEnd());
  if (lines.length === 1 && lines[0] === "") return [];
  return newest(lines.slice(-LAST_WORDS.lines).map((line) => shortText(line, LAST_WORDS.lineBytes)));
}

/** As many of the last lines as there is room for. */
function newest(lines: readonly string[]): readonly string[] {
  let left = LAST_WORDS.bytes;
  const from = lines.findLastIndex((line) => {
    left -= encoder.encode(line).length + 1;
    return left < 0;
  });
  return lines.slice(from + 1);
}
