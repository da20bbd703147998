// Bundles the operator and the command line into one file each: they start faster and need less memory than their packages.
import { chmodSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { build } from "esbuild";

const ROOT = join(import.meta.dirname, "..");
const OPERATOR = join(ROOT, "dist/rolloutguard.mjs");
const COMMAND_LINE = join(ROOT, "dist/kubectl-rolloutguard.mjs");

export const COMMAND_LINE_ENTRY = "src/cli/main.ts";

/** Writes the bundle, and beside it its source map and the licences of what is in it (`.map`, `.LEGAL.txt`). */
export async function buildBundle(file: string, entryPoint = "src/main.ts"): Promise<void> {
  await build({
    absWorkingDir: ROOT,
    entryPoints: [entryPoint],
    outfile: file,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    minify: true,
    // Class and function names stay readable in stack traces.
    keepNames: true,
    sourcemap: true,
    sourcesContent: false,
    legalComments: "linked",
    // Some packages call require(), which an ES module does not have.
    banner: {
      js: 'import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);',
    },
    logLevel: "warning",
  });
}

if (import.meta.main) {
  await buildBundle(OPERATOR);
  await buildBundle(COMMAND_LINE, COMMAND_LINE_ENTRY);
  chmodSync(COMMAND_LINE, 0o755);
  for (const file of [OPERATOR, COMMAND_LINE]) {
    console.log(`Wrote ${relative(ROOT, file)}, ${(statSync(file).size / 1e6).toFixed(1)} MB`);
  }
}
