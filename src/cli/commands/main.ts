#!/usr/bin/env node
// kubectl-rolloutguard: the command line, also as `kubectl rolloutguard …`.
import { basename } from "node:path";
import { COMMANDS } from "./command-table.ts";
import { runProgram } from "./program.ts";
import { processTerminal } from "./terminal.ts";

// A pipe may be closed before everything is written, as by `| head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

// kubectl asks a plugin for completions by a second name of it.
const isAskedForCompletion = basename(process.argv[1] ?? "").startsWith("kubectl_complete-");
const args = process.argv.slice(2);
process.exitCode = await runProgram(
  isAskedForCompletion ? ["__complete", ...args] : args,
  processTerminal(),
  COMMANDS,
);
