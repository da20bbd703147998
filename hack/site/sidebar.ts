// The sidebar, made of the table of contents and the titles of the pages.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SidebarGroup, SidebarItem } from "@rspress/core";
import { CONTENTS, type Folder, type Section } from "./contents.ts";

/** One group for each section, with the titles that the pages below `docs` have. Throws when a page is missing. */
export function sidebar(docs: string): SidebarGroup[] {
  return CONTENTS.map(({ title, pages }) => {
    const [first, ...others] = pages;
    const isTitle = typeof first === "string" && (first.endsWith("/index.md") || others.length === 0);
    const items = isTitle ? others : pages;
    return {
      text: title,
      // The page that a section opens with is its title: no line of its own says the same.
      ...(isTitle ? { link: linkTo(first) } : {}),
      collapsible: false,
      items: items.map((page) => (typeof page === "string" ? item(docs, page) : group(docs, page))),
    };
  });
}

/** Every page that the contents name, folders opened up. */
export function pagesInContents(docs: string, contents: readonly Section[] = CONTENTS): readonly string[] {
  return contents
    .flatMap(({ pages }) => pages)
    .flatMap((page) => (typeof page === "string" ? [page] : pagesOf(docs, page)));
}

function item(docs: string, page: string): SidebarItem {
  return { text: titleOf(docs, page), link: linkTo(page) };
}

function group(docs: string, folder: Folder): SidebarGroup {
  const pages = pagesOf(docs, folder);
  const index = pages.find((page) => page.endsWith("/index.md"));
  return {
    text: folder.title,
    ...(index === undefined ? {} : { link: linkTo(index) }),
    collapsible: true,
    collapsed: true,
    items: pages.filter((page) => page !== index).map((page) => item(docs, page)),
  };
}

function pagesOf(docs: string, { folder }: Folder): readonly string[] {
  const names = readdirSync(join(docs, folder)).filter((name) => name.endsWith(".md"));
  return names.sort().map((name) => `${folder}/${name}`);
}

/** The first heading of the page, without the marks of code. */
function titleOf(docs: string, page: string): string {
  const title = /^# (.+)$/m.exec(readFileSync(join(docs, page), "utf8"))?.[1];
  if (title === undefined) throw new Error(`docs/${page} has no title`);
  return title.replaceAll("`", "");
}

function linkTo(page: string): string {
  return `/${page.replace(/(^|\/)index\.md$/, "$1").replace(/\.md$/, "")}`;
}
