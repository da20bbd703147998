// The connection to the cluster that the flags of a command lead to.
import type { Clock } from "../../kube/clock.ts";
import type { ApiClient } from "../../kube/connection/api-client.ts";
import type { Impersonated } from "../../kube/connection/connection.ts";
import { VERSION } from "../../version.ts";
import type { ClusterFlags } from "../cluster-flags.ts";
import { CommandError, EXIT_CODES, UsageError } from "../exit-codes.ts";

export interface ClusterAccess {
  readonly client: ApiClient;
  /** The cluster's time, as far as its answers have told it. */
  readonly clock: Clock;
  /** That of --namespace, else that of the context, else "default". */
  readonly namespace: string;
  /** For messages. */
  readonly server: string;
  /** Rejects with CommandError where the namespace does not exist, as far as the user is allowed to see that. */
  readonly namespaceMustExist: (isOfAll?: boolean) => Promise<void>;
}

/** Runs `work` with a connection, and closes it. Rejects with CommandError when the kubeconfig is not usable. */
export async function withCluster<T>(
  flags: ClusterFlags,
  work: (access: ClusterAccess) => Promise<T>,
  requestTimeoutMs = flags.requestTimeoutMs,
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
  const connection = attempt(() => createConnection(load, { impersonated: impersonated(flags) }));
  const userAgent = `kubectl-rolloutguard/${VERSION}`;
  const clock = attempt(() => new ClusterClock({ rate: flags.clockRate }));
  const client = createApiClient({ connection, clock, userAgent, requestTimeoutMs });
  const ofContext = config.getContextObject(config.getCurrentContext())?.namespace;
  const namespace = flags.namespace ?? ofContext ?? "default";
  try {
    return await work({
      client,
      clock,
      namespace,
      server: connection.baseUrl,
      namespaceMustExist: async (isOfAll) => {
        if (isOfAll || (await namespaceExists(client, namespace))) return;
        throw new CommandError(`there is no namespace ${namespace}`, EXIT_CODES.notFound);
      },
    });
  } finally {
    await connection.close();
  }
}

/** True also where that may not be asked. */
async function namespaceExists(client: ApiClient, namespace: string): Promise<boolean> {
  const { isNotFound } = await import("../../kube/connection/api-error.ts");
  return client.get(`/api/v1/namespaces/${namespace}`).then(
    () => true,
    (error: unknown) => !isNotFound(error),
  );
}

/** Whom --as and --as-group name. Throws UsageError for groups of nobody. */
function impersonated({ as: user, asGroup: groups }: ClusterFlags): Impersonated | undefined {
  if (user !== undefined) return { user, groups };
  if (groups.length === 0) return undefined;
  throw new UsageError("--as-group needs --as USER: groups are impersonated together with a user");
}

function attempt<T>(act: () => T): T {
  try {
    return act();
  } catch (cause) {
    if (cause instanceof CommandError) throw cause;
    throw new CommandError(cause instanceof Error ? cause.message : String(cause), undefined, { cause });
  }
}
