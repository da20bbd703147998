// What is wrong with a built site: links and pictures that lead nowhere, and anything that another host has to serve.
import { readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { filesBelow } from "../check/markdown-pages.ts";

/** The text of each page, by its file. */
type Pages = ReadonlyMap<string, string>;

/** Each fault as "page: what". Throws when there are no pages. */
export async function faultsOfSite(built: string): Promise<readonly string[]> {
  const files = new Set(await filesBelow(built));
  const read = async (file: string) => [file, await readFile(join(built, file), "utf8")] as const;
  const pages = new Map(await Promise.all([...files].filter((file) => file.endsWith(".html")).map(read)));
  const styles = await Promise.all([...files].filter((file) => file.endsWith(".css")).map(read));
  if (pages.size === 0) throw new Error(`no pages below ${built}`);
  return [
    ...[...pages].flatMap(([page, html]) => brokenIn(page, html, files, pages)),
    ...[...pages].flatMap(([page, html]) => foreignIn(page, html)),
    ...styles.flatMap(([style, css]) => foreignStyles(style, css)),
  ];
}

/** Links within the site to pages, files and parts of pages that are not there. */
function brokenIn(page: string, html: string, files: ReadonlySet<string>, pages: Pages): readonly string[] {
  const targets = [...html.matchAll(/<(?:a|img|link|script)\b[^>]*?\s(?:href|src)="([^"]+)/g)];
  return [...new Set(targets.map((match) => match[1] ?? ""))]
    .filter((target) => !/^([a-z]+:|\/\/)/i.test(target))
    .filter((target) => !leadsTo(page, target, files, pages))
    .map((target) => `${page}: ${target} is not there`);
}

function leadsTo(page: string, target: string, files: ReadonlySet<string>, pages: Pages): boolean {
  const [link = "", anchor = ""] = target.split("#");
  const path = link.startsWith("/") ? link.slice(1) : relative(".", join(dirname(page), link));
  const candidates = link === "" ? [page] : [path, `${path}.html`, join(path, "index.html")];
  const file = candidates.find((candidate) => files.has(candidate));
  if (file === undefined) return false;
  return anchor === "" || (pages.get(file)?.includes(` id="${decodeURIComponent(anchor)}"`) ?? false);
}

/** What a browser would get from another host without being asked to: scripts, styles, pictures, frames. */
function foreignIn(page: string, html: string): readonly string[] {
  const loaded = [
    ...html.matchAll(/<(?:img|script|iframe|source|video)\b[^>]*?\ssrc="((?:https?:)?\/\/[^"]+)/g),
  ];
  const linked = [...html.matchAll(/<link\b[^>]*?\shref="((?:https?:)?\/\/[^"]+)/g)];
  return [
    ...[...loaded, ...linked].map((match) => `${page}: loads ${match[1]} from another host`),
    ...foreignStyles(page, html),
  ];
}

function foreignStyles(file: string, css: string): readonly string[] {
  const loaded = [...css.matchAll(/(?:@import\s+(?:url\()?|url\()['"]?((?:https?:)?\/\/[^'")]+)/g)];
  return loaded.map((match) => `${file}: loads ${match[1]} from another host`);
}
