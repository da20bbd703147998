// What all commands share that ask or change a cluster: its flags, the connection, and errors that a person can act on.
import type { ResourceName } from "../../kube/resources.ts";
import { CLUSTER_FLAGS, type ClusterFlags } from "../cluster-flags.ts";
import {
  type CommandDefinition,
  type CommandText,
  defineCommand,
  type Invocation,
} from "../command-definition.ts";
import type { ExitCode } from "../exit-codes.ts";
import { type Flags, type FlagValues, readFlags } from "../flags.ts";
import type { Terminal } from "../terminal.ts";
import { type ClusterAccess, withCluster } from "./cluster-access.ts";
import { withClusterErrors } from "./cluster-error.ts";
import { namesIn } from "./cluster-values.ts";

interface ClusterCommandParts<F extends Flags, Request> extends CommandText<F> {
  /** Its argument names one of these. */
  readonly completes?: ResourceName | undefined;
  /** What is asked for, from the command line alone: before anything is read. Throws UsageError. */
  readonly parse: (
    invocation: Omit<Invocation, "options"> & { readonly flags: FlagValues<F> & ClusterFlags },
  ) => Request;
  /** Rejects with CommandError, or with what the API server said. */
  readonly run: (access: ClusterAccess, request: Request, terminal: Terminal) => Promise<ExitCode>;
}

/** A command that takes the cluster's flags beside its own, and runs with a connection. */
export function defineClusterCommand<F extends Flags, Request>({
  flags,
  completes,
  parse,
  run,
  ...text
}: ClusterCommandParts<F, Request>): CommandDefinition {
  return defineCommand({
    ...text,
    flags: { ...flags, ...CLUSTER_FLAGS },
    complete: completes && ((cluster) => namesIn(completes, cluster)),
    run: async ({ args, options, terminal }) => {
      const cluster = readFlags(CLUSTER_FLAGS, options);
      const request = parse({ args, terminal, flags: { ...readFlags(flags, options), ...cluster } });
      return withCluster(cluster, (access) =>
        withClusterErrors(access, () => run(access, request, terminal)),
      );
    },
  });
}
