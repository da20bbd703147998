// What `rollback` does, loaded when it runs.

import { leftBehindAdvice } from "../../../domain/changes/left-behind.ts";
import { capital, nameRevision } from "../../../domain/history/revisions.ts";
import type { ClusterAccess } from "../../cluster/cluster-access.ts";
import type { WatchedDeployment } from "../../cluster/watched-deployment.ts";
import { CommandError, EXIT_CODES, type ExitCode } from "../../exit-codes.ts";
import { painter, type Terminal } from "../../terminal.ts";
import { paragraph } from "../../text/paragraph.ts";
import { ProgressLine } from "../../text/progress-line.ts";
import { planText } from "./plan-text.ts";
import { type ManualPlan, planRollback } from "./rollback-plan.ts";

export interface RollbackRequest {
  readonly name: string;
  readonly toRevision: number | undefined;
  readonly reason: string | undefined;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly timeoutMs: number;
}

const NOT_HANDED_OVER =
  "The changed fields could not be handed over to the field manager that applies the Deployment. If the next server-side apply is refused, repeat it once with --force-conflicts.";

/** Resolves with the exit code; rejects with CommandError, or with what the API server said. */
export async function runRollback(
  access: ClusterAccess,
  request: RollbackRequest,
  terminal: Terminal,
): Promise<ExitCode> {
  const { watchDeployment } = await import("../../cluster/watched-deployment.ts");
  const deployment = await watchDeployment(access, request.name, { spare: [] });
  try {
    const rollout = deployment.look()?.rollout;
    if (!rollout) {
      throw new CommandError(
        "the current pod template has no ReplicaSet yet; try again in a moment",
        EXIT_CODES.overtaken,
      );
    }
    const plan = planRollback(rollout, request.toRevision);
    terminal.out(planText(request.name, access.namespace, plan, terminal));
    if (request.dryRun) return await dryRun(access, deployment, plan, terminal);
    if (!request.yes && !/^y(es)?$/i.test((await terminal.ask("Roll back? [y/N] ")).trim())) {
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
  terminal.out("The API server accepts the rollback. Nothing was changed (dry run).\n");
  return EXIT_CODES.fine;
}

async function send(
  access: ClusterAccess,
  deployment: WatchedDeployment,
  plan: ManualPlan,
  { reason, timeoutMs }: RollbackRequest,
  terminal: Terminal,
): Promise<ExitCode> {
  const [{ sendRollback }, { followRollback }] = await Promise.all([
    import("./send-rollback.ts"),
    import("./follow-rollback.ts"),
  ]);
  const sent = await sendRollback(access, deployment, plan, reason);
  terminal.out(`Rollback sent, recorded as Incident ${sent.incident}.\n`);
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
    const note = `${capital(nameRevision(plan.from))} is marked as bad. Applying its manifest again ships it again: revert it at its source too.`;
    terminal.out(paragraph(note, terminal));
  }
  const workload = deployment.look()?.workload;
  const advice = workload && leftBehindAdvice(workload, plan.to, plan.from);
  if (advice !== undefined) terminal.out(paragraph(advice, terminal));
  if (workload?.blocksNextApply === true) terminal.out(paragraph(NOT_HANDED_OVER, terminal));
  return end.exitCode;
}
