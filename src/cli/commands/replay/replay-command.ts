// `replay`: what a guard would have decided on recorded rollouts, when and why.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { defineCommand } from "../../command-definition.ts";
import { EXIT_CODES, UsageError } from "../../exit-codes.ts";
import { oneOf, onOff, text } from "../../flags.ts";

export const replayCommand = defineCommand({
  summary: "Show what a guard would have decided on recordings",
  description:
    'Runs recordings through the same decision code as the operator, and shows what a guard would have decided, when and why, next to what happened. Stops at the first rollback, or at the recorded "kubectl rollout undo".',
  usage: "FILE... [--guard FILE] [flags]",
  argument: "<FILE...>",
  flags: {
    guard: text("--guard <FILE>", "the RolloutGuard to use; default: one with defaults"),
    deployment: text("--deployment <NAME>", "the Deployment to guard, if there are several"),
    ignoreUndo: onOff("--ignore-undo", "continue past the recorded kubectl rollout undo"),
    output: oneOf("-o, --output <FORM>", "text (default), json or yaml", ["text", "json", "yaml"], "text"),
  },
  examples: [
    "kubectl rolloutguard record -n production --out checkout.jsonl",
    "kubectl rolloutguard replay checkout.jsonl --guard guard.yaml",
  ],
  exitCodes: "0 fine, 2 wrong usage, or not a recording",
  takesFiles: true,
  async run({ args, flags, terminal }) {
    const [{ defaultGuard, parseGuard, recordedDeployment, targetOf }, { parseRecording }, { replay }] =
      await Promise.all([import("./guard-file.ts"), import("./recording.ts"), import("./replay.ts")]);
    const guardFile = flags.guard === undefined ? undefined : parseGuard(flags.guard, readText(flags.guard));
    const results = args.map((file) => {
      const recording = parseRecording(basename(file).replace(/\.jsonl$/, ""), readText(file));
      const wanted = flags.deployment ?? (guardFile && targetOf(guardFile));
      const deployment = recordedDeployment(recording, wanted);
      const guard = guardFile ?? defaultGuard(deployment.name);
      const { name, namespace } = deployment;
      return {
        recording,
        replay: replay(recording, guard, name, namespace, { isUndoIgnored: flags.ignoreUndo }),
      };
    });
    if (flags.output === "text") {
      const { replayText } = await import("./replay-text.ts");
      terminal.out(results.map((result) => replayText(result.recording, result.replay, terminal)).join("\n"));
    } else {
      const replays = results.map((result) => result.replay);
      const { dataText } = await import("../../output-forms.ts");
      terminal.out(dataText(replays, flags.output));
    }
    return EXIT_CODES.fine;
  },
});

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`cannot read ${file}: ${why}`, { cause });
  }
}
