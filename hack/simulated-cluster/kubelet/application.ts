// How the application in a simulated container behaves: chosen by environment variables of its pod template.
// The table below is the whole contract; hack/application keeps it as a real process, and its test holds the two together.
import { parseDuration } from "../duration.ts";
import { type UserTraffic, userTrafficOf } from "./user-traffic.ts";

/** Every variable with its meaning. Durations are written "20s"; a bare number is seconds. */
export const APPLICATION_VARIABLES = {
  PORT: "The port it listens on. Default 8080.",
  START_DELAY: "It listens only that long after its start. Default 0s.",
  HEALTH: "The HTTP status of every path but /metrics. Default 200.",
  FAIL_AFTER:
    "From then on, counted from its start, it is ill: every path answers 500, probes by command or gRPC fail.",
  FAIL_FOR: "How long it is ill after FAIL_AFTER; then it is well again. Default: for good.",
  FAIL_EVERY: "How often it falls ill again, counted from one beginning to the next. Default: it does not.",
  CRASH: "Any value but empty or 0: it exits after CRASH_AFTER.",
  CRASH_AFTER: "How long after its start it exits. Default 0s.",
  CRASH_TIMES: "Only the first so many starts in a pod crash; then it runs. Default: all.",
  STARTS_FILE: "A file on a volume of the pod, in which hack/application counts its starts for CRASH_TIMES.",
  EXIT_CODE: "The exit code of a crash. Default 1.",
  EXIT_MESSAGE: "What it writes to the termination message file before a crash.",
  REQUIRED_ENV: "Names, comma-separated: it crashes at once when one of them is unset or empty.",
  ENV_PATTERN:
    "NAME=regular expression: it crashes as with REQUIRED_ENV, and never listens, when the whole value of that " +
    "variable does not match.",
  NEEDS:
    "What must exist when it starts, comma-separated: configmap/NAME, secret/NAME, service/NAME (a ready endpoint), " +
    "time/RFC3339. It crashes as with REQUIRED_ENV, and never listens, while one is missing.",
  WAITS_FOR: "As NEEDS, but it waits: it listens, or ends as EXIT_AFTER says, from when everything exists.",
  LEASE:
    "The name of a Lease of its namespace. Only its holder is well, all others answer 503; the Lease is free 15s after " +
    "its holder ended.",
  OOM_AFTER: "It is killed for its memory that long after its start.",
  EXIT_AFTER: "It ends well (exit code 0) that long after its start. Default for init containers: 200ms.",
  HEALTH_DELAY: "How long an answer takes; longer than a probe's timeout, the probe fails. Default 0s.",
  LATENCY:
    "How much longer an answer to a user takes, as 4s or 3s-8s. Users ask for any path but /healthz, /readyz, /livez and " +
    "/metrics. Default 0s.",
  ERROR_RATE: "The share of users' requests, from 0 to 1, that it answers with 500. Default 0.",
  ERROR_FOR: "How long after its start ERROR_RATE holds. Default: for good.",
  BODY: "What it answers to users if the status is below 400. Default: what the status is called.",
  TRAFFIC: "How many requests users send it each second, as its metrics count them. Default 0.",
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
  readonly failsForMs: number;
  readonly failsEveryMs: number;
  readonly answerMs: number;
  readonly users: UserTraffic;
  readonly isTls: boolean;
  readonly grpcStatus: string;
  readonly execOutput: string;
  readonly isCommandMissing: boolean;
  readonly termExitCode: number;
  readonly ignoresTerm: boolean;
  readonly preStopMs: number;
  /** What it waits for before it listens, as in NEEDS; empty when it does not wait. */
  readonly waitsFor: string;
  /** The Lease that it must hold to be well. */
  readonly lease: string | undefined;
  /** Undefined when it runs until it is stopped. */
  readonly plannedExit: PlannedExit | undefined;
}

/** What is known of one start beside its environment. */
export interface StartFacts {
  /** The earlier starts in this pod. */
  readonly starts: number;
  readonly isInit: boolean;
  /** The first of NEEDS that does not exist. */
  readonly missing?: string | undefined;
}

/** The behaviour of one start. */
export function applicationOf(env: Environment, facts: StartFacts): Application {
  const duration = (name: Variable): number | undefined => parseSeconds(env[name]);
  return {
    port: Number(env["PORT"] ?? 8080),
    listensAfterMs: refusalToListen(env, facts) ? Number.POSITIVE_INFINITY : (duration("START_DELAY") ?? 0),
    healthStatus: Number(env["HEALTH"] ?? 200),
    failsAfterMs: duration("FAIL_AFTER") ?? Number.POSITIVE_INFINITY,
    failsForMs: duration("FAIL_FOR") ?? Number.POSITIVE_INFINITY,
    failsEveryMs: duration("FAIL_EVERY") ?? Number.POSITIVE_INFINITY,
    answerMs: duration("HEALTH_DELAY") ?? 0,
    users: userTrafficOf(env),
    isTls: isOn(env["TLS"]),
    grpcStatus: env["GRPC"] ?? "SERVING",
    execOutput: env["EXEC_PROBE"] ?? "ok",
    isCommandMissing: isOn(env["COMMAND_MISSING"]),
    termExitCode: Number(env["TERM_EXIT_CODE"] ?? 2),
    ignoresTerm: isOn(env["IGNORE_TERM"]),
    preStopMs: duration("PRE_STOP") ?? 0,
    waitsFor: env["WAITS_FOR"] ?? "",
    lease: env["LEASE"] || undefined,
    plannedExit: plannedExit(env, facts),
  };
}

/** Whether it is ill so long after its start. */
export function isUnhealthyAt(
  { failsAfterMs, failsForMs, failsEveryMs }: Application,
  runningMs: number,
): boolean {
  return runningMs >= failsAfterMs && (runningMs - failsAfterMs) % failsEveryMs < failsForMs;
}

/** How long after its start it behaves as it does at `runningMs`; infinite when it never changes again. */
export function steadyUntilMs(application: Application, runningMs: number): number {
  const { listensAfterMs, failsAfterMs, failsForMs, failsEveryMs, lease } = application;
  // Who holds a Lease can change at any time.
  if (lease !== undefined) return runningMs;
  const illnesses = runningMs < failsAfterMs ? 0 : Math.floor((runningMs - failsAfterMs) / failsEveryMs);
  const illAtMs = illnesses === 0 ? failsAfterMs : failsAfterMs + illnesses * failsEveryMs;
  const changes = [listensAfterMs, illAtMs, illAtMs + failsForMs, illAtMs + failsEveryMs];
  return Math.min(...changes.filter((ms) => ms > runningMs));
}

/** When this start ends by itself and why. */
function plannedExit(env: Environment, facts: StartFacts): PlannedExit | undefined {
  const { starts, isInit } = facts;
  const exitCode = Number(env["EXIT_CODE"] ?? 1);
  const refusal = refusalToStart(env, facts);
  if (refusal !== undefined) {
    const message = env["EXIT_MESSAGE"] ?? refusal;
    return { afterMs: parseSeconds(env["CRASH_AFTER"]) ?? 300, exitCode, reason: "Error", message };
  }
  const canCrash = starts < Number(env["CRASH_TIMES"] ?? Number.POSITIVE_INFINITY);
  if (isOn(env["CRASH"]) && canCrash) {
    const afterMs = parseSeconds(env["CRASH_AFTER"]) ?? 0;
    return { afterMs, exitCode, reason: "Error", message: env["EXIT_MESSAGE"] };
  }
  const oomMs = parseSeconds(env["OOM_AFTER"]);
  if (oomMs !== undefined && canCrash) return { afterMs: oomMs, exitCode: 137, reason: "OOMKilled" };
  const endsMs = parseSeconds(env["EXIT_AFTER"]) ?? (isInit ? 200 : undefined);
  return endsMs === undefined ? undefined : { afterMs: endsMs, exitCode: 0, reason: "Completed" };
}

/** What the application finds wrong as soon as it starts. */
function refusalToStart(env: Environment, facts: StartFacts): string | undefined {
  const unset = listOf(env["REQUIRED_ENV"]).find((name) => !env[name]);
  return unset === undefined ? refusalToListen(env, facts) : `${unset} is not set`;
}

/** What it finds wrong before it listens. */
function refusalToListen(env: Environment, { missing }: StartFacts): string | undefined {
  const [, name = "", pattern = ""] = /^([^=]+)=(.*)$/.exec(env["ENV_PATTERN"] ?? "") ?? [];
  if (name !== "" && !new RegExp(`^(?:${pattern})$`).test(env[name] ?? "")) return `${name} is not valid`;
  return missing === undefined ? undefined : `${missing} does not exist`;
}

/** The parts of a list that is written with commas. */
export function listOf(text = ""): readonly string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
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
