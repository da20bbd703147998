// What `wait` does, loaded when it runs.
import { formatDuration } from "../../../api/duration.ts";
import type { ClusterAccess } from "../../cluster/cluster-access.ts";
import type { Look, WatchedDeployment } from "../../cluster/watched-deployment.ts";
import { EXIT_CODES, type ExitCode } from "../../exit-codes.ts";
import { dataText } from "../../output-forms.ts";
import { painter, type Terminal } from "../../terminal.ts";
import { paragraph } from "../../text/paragraph.ts";
import { ProgressLine } from "../../text/progress-line.ts";
import { AwaitedRollout, type WaitOptions } from "./awaited-rollout.ts";
import type { Ended } from "./standing.ts";

/** How often the line on a terminal is updated. */
const TICK_MS = 1_000;

export interface WaitRequest extends WaitOptions {
  readonly name: string;
  readonly timeoutMs: number;
  readonly output: "json" | "yaml" | undefined;
}

/** Resolves with the exit code; rejects with CommandError, or with what the API server said. */
export async function runWait(
  access: ClusterAccess,
  { name, timeoutMs, output, ...options }: WaitRequest,
  terminal: Terminal,
): Promise<ExitCode> {
  // Data is alone on standard output.
  const aside: Terminal = {
    ...terminal,
    out: (text) => terminal.err(text),
    get columns() {
      return terminal.columns;
    },
  };
  const end = await waitFor(access, name, options, timeoutMs, output === undefined ? terminal : aside);
  if (output !== undefined) terminal.out(dataText(endAsData(end), output));
  else tell(end, access.namespace, terminal);
  return end.exitCode;
}

async function waitFor(
  access: ClusterAccess,
  name: string,
  options: WaitOptions,
  timeoutMs: number,
  terminal: Terminal,
): Promise<Ended> {
  const { watchDeployment } = await import("../../cluster/watched-deployment.ts");
  const endsAt = access.clock.now() + timeoutMs;
  const deployment = await watchDeployment(access, name, { spare: ["rolloutguards", "incidents"] });
  for (const resource of deployment.leftOut) {
    terminal.err(`note: ${resource} cannot be read; what they show is missing here\n`);
  }
  const progress = new ProgressLine(terminal);
  try {
    return await follow(deployment, new AwaitedRollout(options), endsAt, timeoutMs, progress, terminal);
  } finally {
    progress.end();
    await deployment.stop();
  }
}

async function follow(
  deployment: WatchedDeployment,
  rollout: AwaitedRollout,
  endsAt: number,
  timeoutMs: number,
  progress: ProgressLine,
  terminal: Terminal,
): Promise<Ended> {
  let isReported = false;
  for (;;) {
    const look: Look | undefined = deployment.look();
    if (look?.guard.invalid !== undefined && !isReported) {
      terminal.err(`note: ${look.guard.invalid}; using the defaults\n`);
      isReported = true;
    }
    const standing = rollout.standing(look);
    if (standing.is === "ended") return standing;
    const now = deployment.clock.now();
    if (now >= endsAt) {
      const { says, ticks } = standing;
      const last = ticks === undefined ? says : `${says} (${ticks})`;
      return {
        is: "ended",
        exitCode: EXIT_CODES.timedOut,
        lines: [`Not healthy within ${formatDuration(timeoutMs)}.`, last],
      };
    }
    progress.show(standing);
    const times = [endsAt, standing.lookAt ?? endsAt, ...(terminal.isWatched ? [now + TICK_MS] : [])];
    await deployment.changed(Math.max(now + 1, Math.min(...times)));
  }
}

const WORDS: Readonly<Record<number, string>> = {
  [EXIT_CODES.fine]: "healthy",
  [EXIT_CODES.failing]: "failing",
  [EXIT_CODES.rolledBack]: "rolled back",
  [EXIT_CODES.timedOut]: "timed out",
  [EXIT_CODES.notFound]: "deleted",
  [EXIT_CODES.overtaken]: "superseded",
};

/** What a later step of the pipeline may want to know. */
function endAsData({ exitCode, lines, incident }: Ended) {
  const [message = "", ...details] = lines.filter((line) => line !== "");
  return { outcome: WORDS[exitCode] ?? "ended", exitCode, message, details, incident };
}

function tell({ exitCode, lines, incident }: Ended, namespace: string, terminal: Terminal): void {
  const paint = painter(terminal);
  const word = `${WORDS[exitCode] ?? "ended"}:`;
  const [verdict = "", ...more] = lines.filter((line) => line !== "");
  const text = paragraph(`${word} ${verdict}`, terminal);
  terminal.out(paint(exitCode === EXIT_CODES.fine ? "green" : "red", word) + text.slice(word.length));
  for (const line of more) terminal.out(paragraph(line, terminal, "  "));
  if (incident !== undefined) {
    terminal.out(`  More: kubectl rolloutguard incidents ${incident} -n ${namespace}\n`);
  }
}
