// `rollback`: back to a revision by hand, in the guarded way of the operator, recorded as an Incident.
import { capital, nameRevision } from "../../../domain/rollout/revisions.ts";
import { withoutSecrets } from "../../../domain/secret-patterns.ts";
import {
  type ClusterAccess,
  type ClusterFlags,
  withCluster,
  withClusterOptions,
} from "../../cluster/cluster-access.ts";
import { clusterError } from "../../cluster/cluster-error.ts";
import type { WatchedDeployment } from "../../cluster/watched-deployment.ts";
import { type CommandDefinition, withExamples } from "../../command-definition.ts";
import { deploymentName, deploymentNames } from "../../deployment-name.ts";
import { CommandError, EXIT_CODES, type ExitCode, UsageError } from "../../exit-codes.ts";
import { spanOf } from "../../span-flag.ts";
import { painter, type Terminal } from "../../terminal.ts";
import { paragraph } from "../../text/paragraph.ts";
import { ProgressLine } from "../../text/progress-line.ts";
import { planText } from "./plan-text.ts";
import { type ManualPlan, planRollback } from "./rollback-plan.ts";

interface RollbackFlags extends ClusterFlags {
  readonly toRevision?: string | undefined;
  readonly reason?: string | undefined;
  readonly yes?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
  readonly timeout: string;
}

interface Request {
  readonly name: string;
  readonly toRevision: number | undefined;
  readonly reason: string | undefined;
  readonly isSure: boolean;
  readonly isDryRun: boolean;
  readonly timeoutMs: number;
}

const LONGEST_REASON = 1_000;

export const rollbackCommand: CommandDefinition = {
  define(command) {
    command
      .summary("go back to a revision by hand, as carefully as the guard does")
      .description(
        "Goes back to the last good revision, or to another one: the patch applies only to what you were shown, an Incident records it, and it is waited for until service is restored.",
      )
      .usage("NAME [--to-revision N] [-n NS] [flags]")
      .argument("<NAME>")
      .option("--to-revision <N>", "as kubectl rollout history shows it; by default the last good one")
      .option("--reason <TEXT>", "why, for the Incident")
      .option("--dry-run", "show what would change, and let the API server try it without effect")
      .option("-y, --yes", "do not ask")
      .option("--timeout <SPAN>", "how long to wait for service; 10m by default", "10m");
    withClusterOptions(command);
    withExamples(
      command,
      ['kubectl rolloutguard rollback web -n shop --reason "orders are billed twice"'],
      "0 service is restored, 1 not restored, or not possible,\n2 wrong usage, 3 cannot tell, 5 timed out, 6 no such Deployment, 7 overtaken",
    );
  },
  complete: deploymentNames,
  async run({ args, options, terminal }) {
    const flags = options as unknown as RollbackFlags;
    const request = requestOf(args[0], flags);
    if (!request.isSure && !request.isDryRun && !terminal.isInputTyped) {
      throw new UsageError("nobody can be asked here; write --yes, or --dry-run to see what it would do");
    }
    return withCluster(flags, (access) =>
      rollBackByHand(access, request, terminal).catch((error: unknown) => {
        throw clusterError(error, access.server);
      }),
    );
  },
};

/** Throws UsageError. */
function requestOf(argument: string | undefined, flags: RollbackFlags): Request {
  const { toRevision, reason, timeout } = flags;
  const number = toRevision === undefined ? undefined : Number(toRevision);
  if (number !== undefined && !(Number.isSafeInteger(number) && number > 0)) {
    throw new UsageError(`--to-revision ${toRevision}: write a number, as kubectl rollout history shows it`);
  }
  if (reason !== undefined && (reason.trim() === "" || reason.length > LONGEST_REASON)) {
    throw new UsageError(`--reason: write a sentence, of at most ${LONGEST_REASON} characters`);
  }
  return {
    name: deploymentName("rollback", argument),
    toRevision: number,
    // Everybody who may read Incidents reads it.
    reason: reason === undefined ? undefined : withoutSecrets(reason.trim()),
    isSure: flags.yes === true,
    isDryRun: flags.dryRun === true,
    timeoutMs: spanOf("--timeout", timeout),
  };
}

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
    if (request.isDryRun) return await dryRun(access, deployment, plan, terminal);
    if (!request.isSure && !/^y(es)?$/i.test((await terminal.ask("Go back? [y/N] ")).trim())) {
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
  return end.exitCode;
}
