#!/usr/bin/env node
// kubectl-rolloutguard: the command line, also as `kubectl rolloutguard …`.
// Only what every start needs is imported at once; the rest comes from the compile cache from the second start on.
// Whole: an older Node has no such export, and is to be told which one is needed.
import module from "node:module";
import { basename } from "node:path";
import { EXIT_CODES } from "./exit-codes.ts";

/** As package.json says; an older one ends somewhere inside the client with words that help nobody. */
const OLDEST_NODE = 24;

// A pipe may be closed before everything is written, as by `| head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  process.stderr.write(`error: needs Node ${OLDEST_NODE} or newer on the PATH; this is ${process.version}\n`);
  process.exit(EXIT_CODES.cannotTell);
}

module.enableCompileCache();
const [{ COMMANDS }, { runProgram }, { processTerminal }] = await Promise.all([
  import("./command-table.ts"),
  import("./program.ts"),
  import("./terminal.ts"),
]);

// kubectl asks a plugin for completions by a second name of it.
const isAskedForCompletion = basename(process.argv[1] ?? "").startsWith("kubectl_complete-");
const args = process.argv.slice(2);
process.exitCode = await runProgram(
  isAskedForCompletion ? ["__complete", ...args] : args,
  processTerminal(),
  COMMANDS,
).catch((error: unknown) => {
  // Not the line of the bundle where it happened, which is a screen long.
  const what = error instanceof Error ? error.stack : String(error);
  process.stderr.write(
    `error: RolloutGuard crashed on an internal error; please report it as a bug\n${what}\n`,
  );
  return EXIT_CODES.cannotTell;
});
