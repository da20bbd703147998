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

export interface ProseCheck {
  /** How many files were read. */
  readonly files: number;
  /** A line for each phrase: where it is, and what to write instead. */
  readonly findings: readonly string[];
}

/** Reads what people read below `root`. */
export async function checkProse(root: string): Promise<ProseCheck> {
  const files = (await filesBelow(root)).filter((file) => SOURCE.test(file) || PAGE.test(file)).sort();
  const findings: string[] = [];
  for (const file of files) findings.push(...findingsIn(file, await readFile(join(root, file), "utf8")));
  return { files: files.length, findings };
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
  const { files, findings } = await checkProse(join(import.meta.dirname, "../.."));
  for (const finding of findings) console.error(finding);
  if (files < FEWEST_FILES)
    console.error(`Only ${files} files were read, so the prose was not really checked.`);
  if (findings.length > 0 || files < FEWEST_FILES) process.exitCode = 1;
  else console.log(`No banned phrase in ${files} files`);
}

if (import.meta.main) await main();
