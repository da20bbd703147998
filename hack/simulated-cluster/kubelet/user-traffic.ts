// What users notice of a simulated application: how long its answers take, how many of them are errors, what they contain; and the
// metrics that tell of it. Pure: time and the number of earlier requests are arguments.
import { parseDuration } from "../duration.ts";

export interface UserTraffic {
  readonly latencyMs: { readonly from: number; readonly to: number };
  /** The share of errors, from 0 to 1. */
  readonly errorRate: number;
  /** How long after its start there are any. */
  readonly errorsForMs: number;
  /** Requests a second, for its metrics. */
  readonly perSecond: number;
  /** Undefined: what the status is called. */
  readonly body: string | undefined;
}

/** Paths that no user asks for. */
const OWN_PATHS: ReadonlySet<string> = new Set(["/healthz", "/readyz", "/livez", "/metrics"]);
/** Bounds in seconds, as hack/application has them. */
const BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** Whether a request for that path is a user's. */
export function isUserPath(path: string): boolean {
  return !OWN_PATHS.has(path.split("?", 1)[0] ?? "");
}

/** As the variables say; what is not valid counts as not said. */
export function userTrafficOf(env: Readonly<Record<string, string>>): UserTraffic {
  const [from = 0, to = from] = (env["LATENCY"] ?? "")
    .split("-")
    .flatMap((part) => parseDuration(part) ?? []);
  return {
    latencyMs: { from, to },
    errorRate: Number(env["ERROR_RATE"] ?? 0) || 0,
    errorsForMs: parseDuration(env["ERROR_FOR"] ?? "") ?? Number.POSITIVE_INFINITY,
    perSecond: Number(env["TRAFFIC"] ?? 0) || 0,
    body: env["BODY"],
  };
}

/** How long the answer to a user takes, the one after so many. Spread evenly. */
export function latencyAt({ latencyMs: { from, to } }: UserTraffic, earlier: number): number {
  return from + (to - from) * ((earlier * 0.618_033_988) % 1);
}

/** Whether that answer is an error. Of a hundred at 20 %, twenty are. */
export function isErrorAt(
  { errorRate, errorsForMs }: UserTraffic,
  earlier: number,
  runningMs: number,
): boolean {
  return runningMs < errorsForMs && Math.floor((earlier + 1) * errorRate) > Math.floor(earlier * errorRate);
}

/** Its metrics after so long under its traffic. `status` is that of answers that are no errors. */
export function metricsOf(traffic: UserTraffic, listeningMs: number, status: number): string {
  const { perSecond, errorRate, errorsForMs, latencyMs } = traffic;
  const requestsIn = (ms: number) => Math.floor((Math.max(0, ms) / 1_000) * perSecond);
  const total = requestsIn(listeningMs);
  const errors = Math.floor(requestsIn(Math.min(listeningMs, errorsForMs)) * errorRate);
  const byCode = new Map([[status, total - errors]]);
  if (errors > 0) byCode.set(500, (byCode.get(500) ?? 0) + errors);
  const within = (seconds: number) => {
    const { from, to } = latencyMs;
    const share = seconds * 1_000 < from ? 0 : to === from ? 1 : (seconds * 1_000 - from) / (to - from);
    return Math.floor(total * Math.min(1, share));
  };
  return [
    "# HELP http_requests_total Requests of users, by status.",
    "# TYPE http_requests_total counter",
    ...Array.from(byCode, ([code, count]) => `http_requests_total{code="${code}"} ${count}`),
    "# HELP http_request_duration_seconds How long answers to users took.",
    "# TYPE http_request_duration_seconds histogram",
    ...BUCKETS.map((le) => `http_request_duration_seconds_bucket{le="${le}"} ${within(le)}`),
    `http_request_duration_seconds_bucket{le="+Inf"} ${total}`,
    `http_request_duration_seconds_sum ${(total * (latencyMs.from + latencyMs.to)) / 2_000}`,
    `http_request_duration_seconds_count ${total}`,
    "",
  ].join("\n");
}
