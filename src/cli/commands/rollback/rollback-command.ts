// `rollback`: back to a revision by hand, in the guarded way of the operator, recorded as an Incident.

import { leftBehindAdvice } from "../../../domain/changes/left-behind.ts";
import { capital, nameRevision } from "../../../domain/history/revisions.ts";
import type { ClusterAccess } from "../../cluster/cluster-access.ts";
import { defineClusterCommand } from "../../cluster/cluster-command.ts";
import type { WatchedDeployment } from "../../cluster/watched-deployment.ts";
import { CommandError, EXIT_CODES, type ExitCode, UsageError } from "../../exit-codes.ts";
import { onOff, positiveInteger, span, text } from "../../flags.ts";
import { deploymentName } from "../../named-object.ts";
import { LONGEST_REASON, recordedReason } from "../../reason-flag.ts";
import { painter, type Terminal } from "../../terminal.ts";
import { paragraph } from "../../text/paragraph.ts";
import { ProgressLine } from "../../text/progress-line.ts";
import { planText } from "./plan-text.ts";
import { type ManualPlan, planRollback } from "./rollback-plan.ts";

interface Request {
  readonly name: string;
  readonly toRevision: number | undefined;
  readonly reason: string | undefined;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly timeoutMs: number;
}

export const rollbackCommand = defineClusterCommand({
  summary: "Roll a Deployment back to an earlier revision",
  description:
    "Goes back to the last good revision, or to another one: the patch applies only to what you were shown, an Incident records it, and it is waited for until service is restored.",
  usage: "NAME [--to-revision N] [-n NS] [flags]",
  argument: "<NAME>",
  flags: {
    toRevision: positiveInteger(
      "--to-revision <N>",
      "as kubectl rollout history shows it; by default the last good one",
      "write a number, as kubectl rollout history shows it",
    ),
    reason: text("--reason <TEXT>", "why, for the Incident"),
    dryRun: onOff("--dry-run", "show what would change, and let the API server try it without effect"),
    yes: onOff("-y, --yes", "do not ask"),
    timeoutMs: span("--timeout <SPAN>", "how long to wait for service; 10m by default", "10m"),
  },
  examples: ['kubectl rolloutguard rollback web -n shop --reason "orders are billed twice"'],
  exitCodes:
    "0 service is restored, 1 not restored, or not possible,\n2 wrong usage, 3 cannot tell, 5 timed out, 6 no such Deployment, 7 overtaken",
  completes: "deployments",
  parse({ args, flags, terminal }): Request {
    const { reason, yes, dryRun } = flags;
    const recorded = reason === undefined ? undefined : recordedReason(reason);
    if (reason !== undefined && recorded === undefined) {
      throw new UsageError(`--reason: write a sentence, of at most ${LONGEST_REASON} characters`);
    }
    const name = deploymentName("rollback", args[0]);
    if (!yes && !dryRun && !terminal.isInputTyped) {
      throw new UsageError("nobody can be asked here; write --yes, or --dry-run to see what it would do");
    }
    // Everybody who can read Incidents reads it.
    return { ...flags, name, reason: recorded };
  },
  run: rollBackByHand,
});

const NOT_HANDED_OVER =
  "The fields that were changed could not be handed over to whoever applies the Deployment: the next server-side apply can be refused; then repeat it once with force (--force-conflicts).";

async function rollBackByHand(
  access: ClusterAccess,
  request: Request,
  terminal: Terminal,
): Promise<ExitCode> {
  const { watchDeployment } = await import("../../cluster/watched-deployment.ts");
  const deployment = await watchDeployment(access, request.name, { spare: [] });
  try {
    const rollout = deployment.look()?.rollout;
    if (!rollout) {
      throw new CommandError(
        "the Deployment's present template has no ReplicaSet yet; try again in a moment",
        EXIT_CODES.overtaken,
      );
    }
    const plan = planRollback(rollout, request.toRevision);
    terminal.out(planText(request.name, access.namespace, plan, terminal));
    if (request.dryRun) return await dryRun(access, deployment, plan, terminal);
    if (!request.yes && !/^y(es)?$/i.test((await terminal.ask("Go back? [y/N] ")).trim())) {
      terminal.out("Nothing was changed.\n");
      return EXIT_CODES.failing;
    }
    return await send(access, deployment, plan, request, terminal);
  } finally {
    await deployment.stop();
  }
}

async function dryRun(
  access: ClusterAccess,
  deployment: WatchedDeployment,
  plan: ManualPlan,
  terminal: Terminal,
): Promise<ExitCode> {
  const { tryRollback } = await import("./send-rollback.ts");
  await tryRollback(access, deployment, plan);
  terminal.out("The API server would take it. Nothing was changed (dry run).\n");
  return EXIT_CODES.fine;
}

async function send(
  access: ClusterAccess,
  deployment: WatchedDeployment,
  plan: ManualPlan,
  { reason, timeoutMs }: Request,
  terminal: Terminal,
): Promise<ExitCode> {
  const [{ sendRollback }, { followRollback }] = await Promise.all([
    import("./send-rollback.ts"),
    import("./follow-rollback.ts"),
  ]);
  const sent = await sendRollback(access, deployment, plan, reason);
  terminal.out(`Sent; recorded as Incident ${sent.incident}.\n`);
  const progress = new ProgressLine(terminal);
  const endsAt = sent.at + timeoutMs;
  const end = await followRollback(access, deployment, sent, { endsAt, progress }).finally(() =>
    progress.end(),
  );
  const isFine = end.exitCode === EXIT_CODES.fine;
  const paint = painter(terminal);
  const word = isFine ? "restored:" : "not restored:";
  const text = paragraph(`${word} ${end.message}`, terminal);
  terminal.out(paint(isFine ? "green" : "red", word) + text.slice(word.length));
  if (isFine) {
    const note = `${capital(nameRevision(plan.from))} counts as bad now. Whoever applies its manifest again brings it back: take it back there too.`;
    terminal.out(paragraph(note, terminal));
  }
  const workload = deployment.look()?.workload;
  const advice = workload && leftBehindAdvice(workload, plan.to, plan.from);
  if (advice !== undefined) terminal.out(paragraph(advice, terminal));
  if (workload?.blocksNextApply === true) terminal.out(paragraph(NOT_HANDED_OVER, terminal));
  return end.exitCode;
}
