// Writes every generated file; with --check writes nothing and fails when a checked-in one is not what would be written.
// Either way it names what has to be mended by hand: pages about words that lack something, and broken links.
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { brokenLinks } from "../check/broken-links.ts";
import { generateAlerts } from "./alerts/alert-files.ts";
import { generateChart } from "./chart/chart.ts";
import { generateCrds } from "./crds.ts";
import type { GeneratedFile } from "./generated-file.ts";
import { generateLintRulesPage } from "./lint-rules-page.ts";
import { generateMetricsPage } from "./metrics-page.ts";
import { generatePerformancePage } from "./performance-page.ts";
import { generatePermissionsPage } from "./permissions-page.ts";
import { generateRealClusterPage } from "./real-cluster-page.ts";
import { generateAnnotationsPage } from "./reference/annotations-page.ts";
import { generateCommandPages } from "./reference/command-pages.ts";
import { generateDecisionsPage } from "./reference/decisions-page.ts";
import { generateEventsPage } from "./reference/events-page.ts";
import { generateExitCodesPage } from "./reference/exit-codes-page.ts";
import { generateResourcePages } from "./resource-page.ts";
import { generateRoles } from "./roles.ts";
import { generateSettingsPage } from "./settings-page.ts";
import { generateTopicIndexes } from "./topics/topic-indexes.ts";
import { faultsOfPages, topicPages } from "./topics/topic-pages.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Folders in which every file is known; one that nobody writes any more, or that is about no word, is stale too. */
const GENERATED_FOLDERS = [
  "crds",
  "docs/reference",
  "docs/reference/commands",
  "docs/causes",
  "docs/reasons",
];

/** Every generated file with the text that it should have. */
export function generateAll(): GeneratedFile[] {
  return [
    ...generateCrds(),
    ...generateRoles(),
    ...generateChart(),
    ...generateAlerts(),
    ...generateResourcePages(),
    ...generateTopicIndexes(),
    generateLintRulesPage(),
    generateSettingsPage(),
    generateMetricsPage(),
    generatePermissionsPage(),
    generateAnnotationsPage(),
    generateEventsPage(),
    generateExitCodesPage(),
    ...generateCommandPages(),
    generateDecisionsPage(),
    ...generatePerformancePage(),
    generateRealClusterPage(),
  ];
}

/** Paths that are missing, differ, or are left over under `root`. Throws when there is nothing to compare. */
export async function findStale(files: readonly GeneratedFile[], root: string): Promise<string[]> {
  if (files.length === 0) throw new Error("nothing was generated, so nothing can be checked");
  const differing: string[] = [];
  for (const { path, text } of files) {
    if ((await readIfThere(join(root, path))) !== text) differing.push(path);
  }
  const expected = new Set(files.map(({ path }) => path));
  const leftOver = (await Promise.all(GENERATED_FOLDERS.map((folder) => listFiles(root, folder))))
    .flat()
    .filter((path) => !expected.has(path));
  return [...differing, ...leftOver];
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}

async function listFiles(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map(({ name }) => `${folder}/${name}`);
}

/** What no generator mends: pages about causes and reasons that lack something, and links that lead nowhere. */
async function findFaults(pages: readonly GeneratedFile[]): Promise<readonly string[]> {
  const links = await brokenLinks(ROOT);
  return [...faultsOfPages(pages), ...links.map((link) => `broken link in ${link}`)];
}

async function main(): Promise<void> {
  const pages = await topicPages(ROOT);
  const files = [...generateAll(), ...pages];
  if (process.argv.includes("--check")) {
    const stale = await findStale(files, ROOT);
    if (stale.length > 0) {
      console.error(`Stale: ${stale.join(", ")}\nRun \`npm run generate\` and commit the result.`);
      process.exitCode = 1;
    } else console.log(`${files.length} generated files are up to date`);
  } else {
    for (const { path, text } of files) {
      await mkdir(dirname(join(ROOT, path)), { recursive: true });
      await writeFile(join(ROOT, path), text);
    }
    console.log(`Wrote ${files.map(({ path }) => path).join(", ")}`);
  }
  const faults = await findFaults(pages);
  if (faults.length > 0) {
    console.error(`To be mended by hand:\n${faults.join("\n")}`);
    process.exitCode = 1;
  }
}

if (import.meta.main) await main();
