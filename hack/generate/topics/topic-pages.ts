// The pages about causes and reasons as they should be, and what is wrong with those that there are.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { GeneratedFile } from "../generated-file.ts";
import { faultsOf, withHead } from "./topic-page.ts";
import { ALL_TOPICS } from "./topics.ts";

/** Every page with the head that it should have, as it is below `root`. */
export async function topicPages(root: string): Promise<GeneratedFile[]> {
  return Promise.all(
    ALL_TOPICS.map(async (topic) => {
      const text = await readFile(join(root, topic.path), "utf8").catch(() => undefined);
      return { path: topic.path, text: withHead(text, topic) };
    }),
  );
}

/** What the pages lack, each fault as "path: what". */
export function faultsOfPages(pages: readonly GeneratedFile[]): readonly string[] {
  return ALL_TOPICS.flatMap((topic) => {
    const page = pages.find(({ path }) => path === topic.path);
    return page ? faultsOf(page.text, topic) : [`${topic.path}: there is no such page`];
  });
}
