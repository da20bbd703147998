// The flags by which commands find the cluster, as kubectl names them.
import { Option } from "commander";
import { type FlagValues, text } from "./flags.ts";

/** The flags that all commands take which reach a cluster. */
export const CLUSTER_FLAGS = {
  namespace: text("-n, --namespace <NS>", "the namespace; by default that of the context"),
  context: text("--context <NAME>", "the context of the kubeconfig to use"),
  kubeconfig: text("--kubeconfig <FILE>", "the kubeconfig to use"),
  /** How much faster than real time the cluster's time runs: 1 but for simulated ones. */
  clockRate: {
    option: new Option("--clock-rate <RATE>").hideHelp(),
    read: (given: unknown) => (given === undefined ? undefined : Number(given)),
  },
};

export type ClusterFlags = FlagValues<typeof CLUSTER_FLAGS>;
