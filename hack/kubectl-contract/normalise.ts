// Takes out of kubectl's answers what differs between any two clusters: names by chance, times, hashes, addresses.

/** The letters and digits of Kubernetes' generated names and hashes: none that could make a word. */
const SAFE = "[bcdfghjklmnpqrstvwxz2456789]";
const AGE = "(?:\\d+[ydhms])+|<invalid>|<unknown>";
const ALL_AGES = new RegExp(AGE, "g");

/** In this order. The longer forms come first. */
const REPLACEMENTS: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<uid>"],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/g, "<time>"],
  [/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ [+-]\d{4}/g, "<time>"],
  [/[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, "<time>"],
  [/\b[IWE]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ [a-z_]+\.go:\d+\]/g, "<log>"],
  [/(resource ?version"?[:=]\s*)"?\d+"?/gi, "$1<version>"],
  [/(containerd|docker):\/\/[0-9a-f]+/g, "<container>"],
  [/(?:\S+@)?sha256:[0-9a-f]{64}/g, "<image id>"],
  [/https?:\/\/(?:127\.0\.0\.1|localhost):\d+/g, "<server>"],
  [/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, "<address>"],
  // Before the hashes: one number in thirty has only digits that hashes have.
  [/\/tmp\/(LIVE|MERGED)-\d+/g, "/tmp/$1"],
  [new RegExp(`(pod-template-hash"?[:=]\\s*"?)${SAFE}{5,10}\\b`, "g"), "$1<hash>"],
  [new RegExp(`-${SAFE}{8,10}-${SAFE}{5}\\b`, "g"), "-<hash>-<id>"],
  [new RegExp(`-${SAFE}{8,10}\\b`, "g"), "-<hash>"],
  [new RegExp(`-${SAFE}{5}\\b`, "g"), "-<id>"],
];

/** The headings of columns that hold ages. */
const AGE_HEADING = /(?<=^| )(?:age|last seen|first seen)(?= {2}|\t|$)/gi;

/** The text without what may differ, and with columns two spaces apart however wide their content was. */
export function normalise(text: string): string {
  // Where in their lines the columns of the current table begin that hold ages.
  let ageColumns: readonly number[] = [];
  const lines = text.split("\n").map((line) => {
    const found = [...line.matchAll(AGE_HEADING)].map(({ index }) => index);
    if (found.length > 0) ageColumns = found;
    return withoutAges(line, found.length > 0 ? [] : ageColumns);
  });
  let result = lines.join("\n");
  for (const [pattern, replacement] of REPLACEMENTS) result = result.replace(pattern, replacement);
  return result.split("\n").map(withTwoSpaces).join("\n").trimEnd();
}

/** Leaves out what stands at these columns, from the right to the left, if it is an age. */
function withoutAges(line: string, columns: readonly number[]): string {
  let result = line;
  for (const column of [...columns].reverse()) {
    const [cell = ""] = /^\S+(?: \S+)*/.exec(result.slice(column)) ?? [];
    const before = result.slice(0, column);
    if (cell === "" || !/\s$/.test(before || " ")) continue;
    result = before + cell.replace(ALL_AGES, "<age>") + result.slice(column + cell.length);
  }
  // Restarts say when the last one was: "3 (5s ago)".
  return result.replace(new RegExp(`(?:${AGE}) ago`, "g"), "<age> ago");
}

function withTwoSpaces(line: string): string {
  const [indentation = ""] = /^\s*/.exec(line) ?? [];
  return (indentation + line.trim().replace(/\t+| {2,}/g, "  ")).trimEnd();
}
