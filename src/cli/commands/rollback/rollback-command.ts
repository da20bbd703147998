// `rollback`: a manual rollback with the same safeguards as the operator's, recorded as an Incident.
import { defineClusterCommand } from "../../cluster/cluster-command.ts";
import { UsageError } from "../../exit-codes.ts";
import { onOff, positiveInteger, span, text } from "../../flags.ts";
import { deploymentName } from "../../named-object.ts";
import { LONGEST_REASON, recordedReason } from "../../reason-flag.ts";
import type { RollbackRequest } from "./run-rollback.ts";

export const rollbackCommand = defineClusterCommand({
  summary: "Roll a Deployment back to an earlier revision",
  description:
    "Rolls back to the last good revision, or to the one you choose. The patch applies only to the Deployment you were shown, an Incident records it, and the command waits until service is restored.",
  usage: "NAME [--to-revision N] [-n NS] [flags]",
  argument: "<NAME>",
  flags: {
    toRevision: positiveInteger(
      "--to-revision <N>",
      "as in kubectl rollout history; default: the last good one",
      "pass a number from kubectl rollout history",
    ),
    reason: text("--reason <TEXT>", "the reason, for the Incident"),
    dryRun: onOff("--dry-run", "show the changes, and validate the patch on the server"),
    yes: onOff("-y, --yes", "do not ask for confirmation"),
    timeoutMs: span("--timeout <SPAN>", "how long to wait for service; default: 10m", "10m"),
  },
  examples: ['kubectl rolloutguard rollback web -n shop --reason "orders are billed twice"'],
  exitCodes:
    "0 service is restored, 1 not restored, or not possible,\n2 wrong usage, 3 unknown, 5 timed out, 6 not found, 7 overtaken",
  completes: "deployments",
  parse({ args, flags, terminal }): RollbackRequest {
    const { reason, yes, dryRun } = flags;
    const recorded = reason === undefined ? undefined : recordedReason(reason);
    if (reason !== undefined && recorded === undefined) {
      throw new UsageError(`--reason: pass a sentence of at most ${LONGEST_REASON} characters`);
    }
    const name = deploymentName("rollback", args[0]);
    if (!yes && !dryRun && !terminal.isInputTyped) {
      throw new UsageError("no terminal to confirm on; pass --yes, or --dry-run to see what changes");
    }
    // Everybody who can read Incidents reads it.
    return { ...flags, name, reason: recorded };
  },
  async run(access, request, terminal) {
    const { runRollback } = await import("./run-rollback.ts");
    return runRollback(access, request, terminal);
  },
});
