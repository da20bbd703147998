// How the application in a simulated container behaves: chosen by environment variables of its pod template.
// The table below is the whole contract; hack/application keeps it as a real process, and its test holds the two together.
import { parseDuration } from "../../../src/api/duration.ts";

/** Every variable with its meaning. Durations are written "20s"; a bare number is seconds. */
export const APPLICATION_VARIABLES = {
  PORT: "The port it listens on. Default 8080.",
  START_DELAY: "It listens only that long after its start. Default 0s.",
  HEALTH: "The HTTP status of every path. Default 200.",
  FAIL_AFTER:
    "From then on, counted from its start, it is ill: every path answers 500, probes by command or gRPC fail.",
  FAIL_FOR: "How long it is ill after FAIL_AFTER; then it is well again. Default: for good.",
  CRASH: "Any value but empty or 0: it exits after CRASH_AFTER.",
  CRASH_AFTER: "How long after its start it exits. Default 0s.",
  CRASH_TIMES: "Only the first so many starts in a pod crash; then it runs. Default: all.",
  EXIT_CODE: "The exit code of a crash. Default 1.",
  EXIT_MESSAGE: "What it writes to the termination message file before a crash.",
  REQUIRED_ENV: "Names, comma-separated: it crashes at once when one of them is unset or empty.",
  OOM_AFTER: "It is killed for its memory that long after its start.",
  EXIT_AFTER: "It ends well (exit code 0) that long after its start. Default for init containers: 200ms.",
  HEALTH_DELAY: "How long an answer takes; longer than a probe's timeout, the probe fails. Default 0s.",
  TLS: "Any value but empty or 0: it talks HTTPS, not HTTP.",
  GRPC: "What its gRPC health service answers, as NOT_SERVING, or UNIMPLEMENTED when it has none. Default SERVING.",
  EXEC_PROBE:
    "What probes that run a command say; anything but `ok` is a failure with that output. Default ok.",
  COMMAND_MISSING: "Any value but empty or 0: its executable does not exist, so that it cannot be started.",
  TERM_EXIT_CODE: "Its exit code after SIGTERM. Default 2, as a Go program without a handler.",
  PRE_STOP: "How long its preStop hook takes, unless that is a `sleep`. Default 0s.",
  IGNORE_TERM: "Any value but empty or 0: it ignores SIGTERM and is killed when the grace period ends.",
} as const;

type Variable = keyof typeof APPLICATION_VARIABLES;
type Environment = Readonly<Record<string, string>>;

/** How a process ends. */
export interface Exit {
  readonly exitCode: number;
  readonly reason: "Error" | "Completed" | "OOMKilled";
  readonly message?: string | undefined;
}

/** How and when a start ends by itself. */
export interface PlannedExit extends Exit {
  readonly afterMs: number;
}

export interface Application {
  readonly port: number;
  readonly listensAfterMs: number;
  readonly healthStatus: number;
  readonly failsAfterMs: number;
  readonly recoversAfterMs: number;
  readonly answerMs: number;
  readonly isTls: boolean;
  readonly grpcStatus: string;
  readonly execOutput: string;
  readonly isCommandMissing: boolean;
  readonly termExitCode: number;
  readonly ignoresTerm: boolean;
  readonly preStopMs: number;
  /** Undefined when it runs until it is stopped. */
  readonly plannedExit: PlannedExit | undefined;
}

/** The behaviour of one start. `starts` counts the earlier ones in this pod. */
export function applicationOf(env: Environment, options: { starts: number; isInit: boolean }): Application {
  const duration = (name: Variable): number | undefined => parseSeconds(env[name]);
  const failsAfterMs = duration("FAIL_AFTER") ?? Number.POSITIVE_INFINITY;
  return {
    port: Number(env["PORT"] ?? 8080),
    listensAfterMs: duration("START_DELAY") ?? 0,
    healthStatus: Number(env["HEALTH"] ?? 200),
    failsAfterMs,
    recoversAfterMs: failsAfterMs + (duration("FAIL_FOR") ?? Number.POSITIVE_INFINITY),
    answerMs: duration("HEALTH_DELAY") ?? 0,
    isTls: isOn(env["TLS"]),
    grpcStatus: env["GRPC"] ?? "SERVING",
    execOutput: env["EXEC_PROBE"] ?? "ok",
    isCommandMissing: isOn(env["COMMAND_MISSING"]),
    termExitCode: Number(env["TERM_EXIT_CODE"] ?? 2),
    ignoresTerm: isOn(env["IGNORE_TERM"]),
    preStopMs: duration("PRE_STOP") ?? 0,
    plannedExit: plannedExit(env, options),
  };
}

/** Whether it is ill so long after its start. */
export function isIll({ failsAfterMs, recoversAfterMs }: Application, runningMs: number): boolean {
  return runningMs >= failsAfterMs && runningMs < recoversAfterMs;
}

/** How long after its start it behaves as it does at `runningMs`; infinite when it never changes again. */
export function steadyUntilMs(application: Application, runningMs: number): number {
  const { listensAfterMs, failsAfterMs, recoversAfterMs } = application;
  const changes = [listensAfterMs, failsAfterMs, recoversAfterMs].filter((ms) => ms > runningMs);
  return Math.min(...changes);
}

/** When this start ends by itself and why. */
function plannedExit(
  env: Environment,
  { starts, isInit }: { starts: number; isInit: boolean },
): PlannedExit | undefined {
  const exitCode = Number(env["EXIT_CODE"] ?? 1);
  const missing = (env["REQUIRED_ENV"] ?? "")
    .split(",")
    .map((name) => name.trim())
    .find((name) => name !== "" && !env[name]);
  if (missing !== undefined) {
    const message = env["EXIT_MESSAGE"] ?? `${missing} is not set`;
    return { afterMs: parseSeconds(env["CRASH_AFTER"]) ?? 300, exitCode, reason: "Error", message };
  }
  const mayCrash = starts < Number(env["CRASH_TIMES"] ?? Number.POSITIVE_INFINITY);
  if (isOn(env["CRASH"]) && mayCrash) {
    const afterMs = parseSeconds(env["CRASH_AFTER"]) ?? 0;
    return { afterMs, exitCode, reason: "Error", message: env["EXIT_MESSAGE"] };
  }
  const oomMs = parseSeconds(env["OOM_AFTER"]);
  if (oomMs !== undefined && mayCrash) return { afterMs: oomMs, exitCode: 137, reason: "OOMKilled" };
  const endsMs = parseSeconds(env["EXIT_AFTER"]) ?? (isInit ? 200 : undefined);
  return endsMs === undefined ? undefined : { afterMs: endsMs, exitCode: 0, reason: "Completed" };
}

/** How it ends when it is told to: by SIGTERM, or by SIGKILL when it does not listen. */
export function terminationOf({ ignoresTerm, termExitCode }: Application): Exit {
  const exitCode = ignoresTerm ? 137 : termExitCode;
  return { exitCode, reason: exitCode === 0 ? "Completed" : "Error" };
}

function parseSeconds(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  return parseDuration(/^[\d.]+$/.test(text) ? `${text}s` : text);
}

function isOn(text: string | undefined): boolean {
  return text !== undefined && text !== "" && text !== "0" && text !== "false";
}
