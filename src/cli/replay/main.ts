// npm run replay -- FILE… : what the guard would have decided on recorded rollouts, when and why.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { defaultGuard, parseGuard, recordedDeployment, targetOf } from "./guard-file.ts";
import { parseRecording, RecordingError } from "./recording.ts";
import { replay } from "./replay.ts";
import { reportReplay } from "./report.ts";

const HELP = `Usage: npm run replay -- FILE… [--guard guard.yaml] [--deployment NAME] [--output text|json]

Runs recordings of rollouts (made with npm run record) through the decision that runs in production,
and prints what would have been decided, when and why, beside what happened. It stops at the first
rollback it would have made, or at the recorded "kubectl rollout undo".

  --ignore-undo       do not stop at the recorded undo: show what would have been decided if nobody had acted

  --guard FILE        use this RolloutGuard; by default one with defaults for the recorded Deployment
  --deployment NAME   the Deployment to guard, where a recording holds several
  --output json       one JSON array, an element a file: {recording, target, decisions: [{t, action, reason, message}]}

Example: npm run replay -- e2e/recordings/readiness-wrong-port.jsonl
`;

function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      guard: { type: "string" },
      deployment: { type: "string" },
      output: { type: "string", default: "text" },
      "ignore-undo": { type: "boolean", default: false },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return print(HELP);
  if (positionals.length === 0) throw new RecordingError("no file given; write npm run replay -- FILE…");
  if (values.output !== "text" && values.output !== "json") {
    throw new RecordingError(`--output ${values.output}: allowed are text and json`);
  }
  const guardFile = values.guard === undefined ? undefined : parseGuard(values.guard, readText(values.guard));
  const isUndoIgnored = values["ignore-undo"];
  const results = positionals.map((file) => {
    const recording = parseRecording(basename(file).replace(/\.jsonl$/, ""), readText(file));
    const wanted = values.deployment ?? (guardFile && targetOf(guardFile));
    const deployment = recordedDeployment(recording, wanted);
    const guard = guardFile ?? defaultGuard(deployment.name);
    return {
      recording,
      replay: replay(recording, guard, deployment.name, deployment.namespace, { isUndoIgnored }),
    };
  });
  if (values.output === "json")
    return print(
      `${JSON.stringify(
        results.map((result) => result.replay),
        null,
        2,
      )}\n`,
    );
  const colour = process.stdout.isTTY === true && !process.env.NO_COLOR;
  return print(results.map((result) => reportReplay(result.recording, result.replay, colour)).join("\n"));
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new RecordingError(
      `cannot read ${file}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

try {
  process.exitCode = main();
} catch (error) {
  const isUsers = error instanceof RecordingError || (error instanceof TypeError && "code" in error);
  if (!isUsers) throw error;
  process.stderr.write(`replay: ${error.message}\n`);
  process.exitCode = 2;
}
