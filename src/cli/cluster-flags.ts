// The flags by which commands find the cluster, as kubectl names them. The command `options` lists them.
import { Option } from "commander";
import { parseDuration } from "../api/duration.ts";
import { type FlagValues, parsed, repeated, text } from "./flags.ts";

/** The flags that all commands take which reach a cluster; the program takes them before the command, too. */
export const CLUSTER_FLAGS = {
  namespace: text("-n, --namespace <NS>", "the namespace; the default is that of the context"),
  context: text("--context <NAME>", "the context of the kubeconfig to use"),
  kubeconfig: text("--kubeconfig <FILE>", "the kubeconfig to use"),
  as: text("--as <USER>", "the user to impersonate"),
  asGroup: repeated("--as-group <GROUP>", "a group to impersonate; repeatable"),
  requestTimeoutMs: parsed(
    new Option("--request-timeout <SPAN>", "how long to wait for each request, such as 30s"),
    requestTimeout,
    "pass a duration such as 30s or 2m, or 0 for no limit",
  ),
  /** How much faster than real time the cluster's time runs: 1 but for simulated ones. */
  clockRate: {
    option: new Option("--clock-rate <RATE>").hideHelp(),
    read: (given: unknown) => (given === undefined ? undefined : Number(given)),
  },
};

export type ClusterFlags = FlagValues<typeof CLUSTER_FLAGS>;

/** As good as no limit, and as long as timers can be. */
const NO_LIMIT_MS = 24 * 60 * 60 * 1_000;

/** A number alone means seconds, as kubectl has it. */
function requestTimeout(given: string): number | undefined {
  if (Number(given) === 0 && given !== "") return NO_LIMIT_MS;
  return parseDuration(/^\d+$/.test(given) ? `${given}s` : given);
}
