// Checks who imports whom, for `npm run deps`. Fails on a forbidden import, and when it saw too few files to be believed.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import { folderCircles, type Import } from "./folder-circles.ts";
import { FOR_TESTS, IMPORT_RULES, MISPLACED, NO_FOLDER_CIRCLES } from "./import-rule-set.ts";

/** The check reads `.ts` only when it is set up right, and would pass on nothing; fewer files than this is a fault. */
const FEWEST_MODULES = 50;
const FOLDERS = ["src", "hack", "e2e"];

export interface ImportCheck {
  /** How many of our own files were read. */
  readonly modules: number;
  /** A paragraph for each forbidden import: what, and what to do instead. */
  readonly violations: readonly string[];
}

/**
 * Reads every import below `root` and compares it with the rules. Imports of `misplaced` files count for no circle of
 * folders; one of them without which there is no circle either is a violation.
 */
export async function checkImports(root: string, misplaced: readonly string[] = []): Promise<ImportCheck> {
  const folders = FOLDERS.filter((folder) => existsSync(join(root, folder)));
  const { output } = await cruise(
    folders,
    {
      baseDir: root,
      validate: true,
      ruleSet: { forbidden: IMPORT_RULES },
      // TypeScript 7 has no API that the tool could use, so swc reads the files; type-only imports count too.
      parser: "swc",
      tsPreCompilationDeps: true,
      doNotFollow: "node_modules",
    },
    {
      extensions: [".ts", ".js", ".mjs", ".cjs", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["node", "import", "types"],
    },
  );
  const { modules, summary } = output as ICruiseResult;
  const ours = modules.filter(({ source }) => isOurs(source));
  const imports = ours.flatMap(({ source, dependencies }) =>
    dependencies.map(({ resolved }) => ({ from: source, to: resolved })),
  );
  return {
    modules: ours.length,
    violations: [
      ...summary.violations.map(({ rule, from, to, cycle }) => {
        const path = cycle ? cycle.map(({ name }) => name).join(" -> ") : to;
        return `${from} -> ${path}\n  ${rule.name}: ${IMPORT_RULES.find(({ name }) => name === rule.name)?.comment}`;
      }),
      ...violationsOfFolders(imports, misplaced),
    ],
  };
}

function isOurs(path: string): boolean {
  return path.endsWith(".ts") && !path.includes("node_modules");
}

function violationsOfFolders(imports: readonly Import[], misplaced: readonly string[]): readonly string[] {
  const forTests = new RegExp(FOR_TESTS);
  const counted = imports.filter(({ from, to }) => isOurs(to) && !forTests.test(from) && !forTests.test(to));
  const circlesWithout = (files: readonly string[]) =>
    folderCircles(counted.filter(({ to }) => !files.includes(to)));
  const needless = misplaced.filter(
    (file) => circlesWithout(misplaced.filter((other) => other !== file)).length === 0,
  );
  return [
    ...circlesWithout(misplaced).map(({ folder, members, imports }) =>
      [
        `${folder || "the root"}: ${[...members, members[0]].join(" -> ")}`,
        ...imports.map(({ from, to }) => `  ${from} -> ${to}`),
        `  ${NO_FOLDER_CIRCLES.name}: ${NO_FOLDER_CIRCLES.comment}`,
      ].join("\n"),
    ),
    ...needless.map(
      (file) =>
        `${file}\n  ${NO_FOLDER_CIRCLES.name}: Take it out of MISPLACED: there is no circle with it either.`,
    ),
  ];
}

async function main(): Promise<void> {
  const { modules, violations } = await checkImports(join(import.meta.dirname, "../.."), MISPLACED);
  for (const violation of violations) console.error(`${violation}\n`);
  if (modules < FEWEST_MODULES) {
    console.error(`Only ${modules} files were read, so the imports were not really checked.`);
  }
  if (violations.length > 0 || modules < FEWEST_MODULES) process.exitCode = 1;
  else console.log(`The imports of ${modules} files keep the rules`);
}

if (import.meta.main) await main();
