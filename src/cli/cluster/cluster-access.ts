// The flags by which commands find the cluster, as kubectl names them, and the connection that they lead to.
import { Option } from "commander";
import type { Clock } from "../../kube/clock.ts";
import type { ApiClient } from "../../kube/connection/api-client.ts";
import { VERSION } from "../../version.ts";
import { CommandError } from "../exit-codes.ts";
import { type FlagValues, text } from "../flags.ts";

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

export interface ClusterAccess {
  readonly client: ApiClient;
  /** The cluster's time, as far as its answers have told it. */
  readonly clock: Clock;
  /** That of --namespace, else that of the context, else "default". */
  readonly namespace: string;
  /** For messages. */
  readonly server: string;
}

/** Runs `work` with a connection, and closes it. Rejects with CommandError when the kubeconfig is not usable. */
export async function withCluster<T>(
  flags: ClusterFlags,
  work: (access: ClusterAccess) => Promise<T>,
  requestTimeoutMs?: number,
): Promise<T> {
  // What needs no cluster starts faster without the client.
  const [{ loadKubeConfig }, { createConnection }, { createApiClient }, { ClusterClock }] = await Promise.all(
    [
      import("../../kube/connection/kube-config.ts"),
      import("../../kube/connection/connection.ts"),
      import("../../kube/connection/api-client.ts"),
      import("../../kube/cluster-clock.ts"),
    ],
  );
  const load = () => loadKubeConfig({ file: flags.kubeconfig, context: flags.context });
  const config = attempt(load);
  const connection = attempt(() => createConnection(load));
  const userAgent = `kubectl-rolloutguard/${VERSION}`;
  const clock = attempt(() => new ClusterClock({ rate: flags.clockRate }));
  const client = createApiClient({ connection, clock, userAgent, requestTimeoutMs });
  const ofContext = config.getContextObject(config.getCurrentContext())?.namespace;
  try {
    return await work({
      client,
      clock,
      namespace: flags.namespace ?? ofContext ?? "default",
      server: connection.baseUrl,
    });
  } finally {
    await connection.close();
  }
}

function attempt<T>(act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw new CommandError(cause instanceof Error ? cause.message : String(cause), undefined, { cause });
  }
}
