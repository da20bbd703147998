// Checks who imports whom, for `npm run deps`. Fails on a forbidden import, and when it saw too few files to be believed.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import { IMPORT_RULES } from "./import-rule-set.ts";

/** The check reads `.ts` only when it is set up right, and would pass on nothing; fewer files than this is a fault. */
const FEWEST_MODULES = 50;
const FOLDERS = ["src", "hack", "e2e"];

export interface ImportCheck {
  /** How many of our own files were read. */
  readonly modules: number;
  /** A paragraph for each forbidden import: what, and what to do instead. */
  readonly violations: readonly string[];
}

/** Reads every import below `root` and compares it with the rules. */
export async function checkImports(root: string): Promise<ImportCheck> {
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
      combinedDependencies: true,
      doNotFollow: "node_modules",
    },
    {
      extensions: [".ts", ".js", ".mjs", ".cjs", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["node", "import", "types"],
    },
  );
  const { modules, summary } = output as ICruiseResult;
  return {
    modules: modules.filter(({ source }) => source.endsWith(".ts") && !source.includes("node_modules"))
      .length,
    violations: summary.violations.map(({ rule, from, to, cycle }) => {
      const path = cycle ? cycle.map(({ name }) => name).join(" -> ") : to;
      return `${from} -> ${path}\n  ${rule.name}: ${IMPORT_RULES.find(({ name }) => name === rule.name)?.comment}`;
    }),
  };
}

async function main(): Promise<void> {
  const { modules, violations } = await checkImports(join(import.meta.dirname, "../.."));
  for (const violation of violations) console.error(`${violation}\n`);
  if (modules < FEWEST_MODULES) {
    console.error(`Only ${modules} files were read, so the imports were not really checked.`);
  }
  if (violations.length > 0 || modules < FEWEST_MODULES) process.exitCode = 1;
  else console.log(`The imports of ${modules} files keep the rules`);
}

if (import.meta.main) await main();
