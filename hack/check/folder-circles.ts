// Circles of folders: what stands side by side in a folder can be read in an order only when its imports lead one way.
// The folder scope of dependency-cruiser finds fewer of them: none by way of a file, none between subfolders that differ.

/** One file imports another. Both paths begin at the root of the project. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

export interface FolderCircle {
  /** The folder in which the members stand side by side; empty for the root. */
  readonly folder: string;
  /** Names of files and folders; each imports the next, and the last one the first. */
  readonly members: readonly string[];
  /** An example of each of these imports, in the same order. */
  readonly imports: readonly Import[];
}

/** A shortest circle in each folder that has one. Circles of files alone are not meant: dependency-cruiser finds them. */
export function folderCircles(imports: readonly Import[]): readonly FolderCircle[] {
  const folders = new Set(imports.flatMap(({ from }) => foldersAbove(from)));
  return [...folders].sort().flatMap((folder) => circleIn(folder, imports) ?? []);
}

function foldersAbove(path: string): readonly string[] {
  const names = path.split("/").slice(0, -1);
  return ["", ...names.map((_, index) => names.slice(0, index + 1).join("/"))];
}

/** From each member to those that it imports, with an example. */
type Arrows = ReadonlyMap<string, ReadonlyMap<string, Import>>;

function circleIn(folder: string, imports: readonly Import[]): FolderCircle | undefined {
  const arrows = arrowsIn(folder, imports);
  const folders = [...arrows.keys()].filter((member) => !member.endsWith(".ts"));
  const circles = folders.flatMap((member) => {
    const way = shortestWay(arrows, member, member);
    return way ? [way] : [];
  });
  const [shortest] = circles.sort((a, b) => a.length - b.length);
  return (
    shortest && {
      folder,
      members: shortest.map(({ from }) => memberOf(folder, from) ?? ""),
      imports: shortest,
    }
  );
}

function arrowsIn(folder: string, imports: readonly Import[]): Arrows {
  const arrows = new Map<string, Map<string, Import>>();
  for (const each of imports) {
    const [from, to] = [memberOf(folder, each.from), memberOf(folder, each.to)];
    if (from === undefined || to === undefined || from === to) continue;
    const targets = arrows.get(from) ?? new Map<string, Import>();
    arrows.set(from, targets.set(to, each));
  }
  return arrows;
}

/** The file or folder that stands directly in the folder and is, or holds, the path. */
function memberOf(folder: string, path: string): string | undefined {
  const prefix = folder === "" ? "" : `${folder}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length).split("/")[0] : undefined;
}

/** By breadth: the imports that lead from one member to the other, at least one. */
function shortestWay(arrows: Arrows, from: string, to: string): readonly Import[] | undefined {
  const seen = new Set<string>();
  let ways: readonly { readonly at: string; readonly imports: readonly Import[] }[] = [
    { at: from, imports: [] },
  ];
  while (ways.length > 0) {
    const further = ways.flatMap(({ at, imports }) =>
      Array.from(arrows.get(at) ?? [], ([next, example]) => ({ at: next, imports: [...imports, example] })),
    );
    const arrived = further.find(({ at }) => at === to);
    if (arrived) return arrived.imports;
    ways = further.filter(({ at }) => !seen.has(at) && seen.add(at));
  }
  return undefined;
}
