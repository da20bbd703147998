// The project's own files and, among them, its Markdown pages.
import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";

const NOT_OURS = new Set(["node_modules", "dist", ".git"]);

/** The Markdown pages below `root`, from there. */
export async function markdownPages(root: string): Promise<readonly string[]> {
  return (await filesBelow(root)).filter(isPage);
}

export function isPage(path: string): boolean {
  return path.endsWith(".md");
}

/** Every file below the folder, as a path from `root`; what is installed or built is left out. */
export async function filesBelow(root: string, folder: string = root): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const lists = await Promise.all(
    entries
      .filter(({ name }) => !NOT_OURS.has(name))
      .map(async (entry) => {
        const path = join(folder, entry.name);
        return entry.isDirectory() ? await filesBelow(root, path) : [relative(root, path)];
      }),
  );
  return lists.flat();
}
