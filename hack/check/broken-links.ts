// Links between the project's Markdown pages that lead nowhere: to a file that is not there, or to a heading that it lacks.
import { readFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { filesBelow, isPage } from "./markdown-pages.ts";

/** Every broken relative link below `root`, as "page: target". Throws when there are no pages. */
export async function brokenLinks(root: string): Promise<readonly string[]> {
  const files = await filesBelow(root);
  const pages = files.filter(isPage);
  if (pages.length === 0) throw new Error(`no pages below ${root}`);
  const texts = new Map<string, string>();
  for (const page of pages) texts.set(page, await readFile(join(root, page), "utf8"));
  const known = new Set(files.flatMap((file) => [file, ...foldersOf(file)]));
  return [...texts].flatMap(([page, text]) =>
    linksIn(text)
      .filter((target) => !leadsSomewhere(page, target, known, texts))
      .map((target) => `${page}: ${target}`),
  );
}

/** The relative targets of links and images, of code blocks and quoted code none. */
function linksIn(text: string): readonly string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```/gm, "").replaceAll(/`[^`\n]*`/g, "code");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1] ?? "")
    .filter((target) => !/^[a-z]+:/i.test(target));
}

function leadsSomewhere(
  page: string,
  target: string,
  known: ReadonlySet<string>,
  texts: ReadonlyMap<string, string>,
): boolean {
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? page : normalize(join(dirname(page), path)).replace(/\/$/, "");
  if (!known.has(file)) return false;
  return anchor === undefined || anchorsOf(texts.get(file) ?? "").has(anchor);
}

/** The anchors that GitHub gives headings: lower case, without punctuation, blanks as hyphens, numbered when they repeat. */
function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const match of text.replaceAll(/^```[\s\S]*?^```/gm, "").matchAll(/^#{1,6} (.+)$/gm)) {
    const plain = (match[1] ?? "").replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1");
    const anchor = plain
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(/\s/g, "-");
    let free = anchor;
    for (let times = 1; anchors.has(free); times++) free = `${anchor}-${times}`;
    anchors.add(free);
  }
  return anchors;
}

function foldersOf(file: string): readonly string[] {
  const folder = dirname(file);
  return folder === "." ? ["."] : [folder, ...foldersOf(folder)];
}
