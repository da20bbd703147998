// Keeps banned phrases out of what people read, for `npm run prose`: texts in `src`, and the pages for users and developers.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { filesBelow } from "./markdown-pages.ts";
import { BANNED_PHRASES } from "./prose/banned-phrases.ts";
import { pageParagraphs } from "./prose/page-paragraphs.ts";
import { type VisibleText, visibleStrings } from "./prose/visible-strings.ts";

/** The check would pass on nothing if it was set up wrong; fewer files than this is a fault. */
const FEWEST_FILES = 300;

const SOURCE = /^src\/(?!.*(?:\.test\.ts$|\/testing\/|\/fixtures\/)).*\.ts$/;
const PAGE = /^(?:docs\/.*|README|CONTRIBUTING|CHANGELOG)\.md$/;

/** Files and folders that still have banned phrases. It only shrinks: an entry without them has to go. */
const NOT_YET: readonly string[] = ["docs/command-line.md"];

export interface ProseCheck {
  /** How many files were read. */
  readonly files: number;
  /** A line for each phrase: where it is, and what to write instead. */
  readonly findings: readonly string[];
}

/** Reads what people read below `root`, except for `notYet`. */
export async function checkProse(root: string, notYet: readonly string[] = []): Promise<ProseCheck> {
  const files = (await filesBelow(root)).filter((file) => SOURCE.test(file) || PAGE.test(file)).sort();
  const open = new Set(notYet);
  const findings: string[] = [];
  for (const file of files) {
    const found = findingsIn(file, await readFile(join(root, file), "utf8"));
    const entry = notYet.find((path) => file === path || file.startsWith(`${path}/`));
    if (entry === undefined) findings.push(...found);
    else if (found.length > 0) open.delete(entry);
  }
  return {
    files: files.length,
    findings: [
      ...findings,
      ...[...open].map((path) => `${path}: take it out of NOT_YET, it has no banned phrase`),
    ],
  };
}

/** The phrases in a file; of the changelog, what is not released yet. */
export function findingsIn(file: string, content: string): readonly string[] {
  return textsOf(file, content).flatMap(({ text, line }) =>
    BANNED_PHRASES.flatMap(({ pattern, write }) => {
      const [phrase] = pattern.exec(text) ?? [];
      return phrase === undefined ? [] : [`${file}:${line}: "${phrase}": write ${write}`];
    }),
  );
}

function textsOf(file: string, content: string): readonly VisibleText[] {
  if (SOURCE.test(file)) return visibleStrings(content);
  return pageParagraphs(file === "CHANGELOG.md" ? unreleased(content) : content);
}

function unreleased(changelog: string): string {
  return changelog.split(/^## \[\d/m)[0] ?? "";
}

async function main(): Promise<void> {
  const { files, findings } = await checkProse(join(import.meta.dirname, "../.."), NOT_YET);
  for (const finding of findings) console.error(finding);
  if (files < FEWEST_FILES)
    console.error(`Only ${files} files were read, so the prose was not really checked.`);
  if (findings.length > 0 || files < FEWEST_FILES) process.exitCode = 1;
  else console.log(`No banned phrase in ${files} files`);
}

if (import.meta.main) await main();
