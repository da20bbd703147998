// A GitOps controller: applies the manifest in its repository, and applies it again when the Deployment differs from it.
import type { Deployment } from "../api-server/kinds.ts";
import type { SimulatedCluster } from "../simulated-cluster.ts";

export interface GitOps {
  /** A new commit, which the next sync brings. */
  commit(manifest: object): void;
}

export interface GitOpsOptions {
  /** How often it compares (ms). Default 180 s, as Argo CD does. */
  readonly syncEveryMs?: number;
  /** Whether it undoes what others changed, too. Default true. */
  readonly selfHeals?: boolean;
}

/** Applies the manifest now, and compares until the cluster's time stops. */
export function startGitOps(
  cluster: SimulatedCluster,
  manifest: object,
  options: GitOpsOptions = {},
): GitOps {
  const { objects, time } = cluster.parts;
  const { syncEveryMs = 180_000, selfHeals = true } = options;
  let wanted = manifest;
  let isNew = true;

  function sync(): void {
    time.after(syncEveryMs, sync);
    // What is the same already is left alone: an apply without a change writes nothing.
    if (isNew || selfHeals) objects.apply(withReplicas(wanted));
    isNew = false;
  }

  /** Replicas that the manifest leaves to an autoscaler stay as they are. */
  function withReplicas(desired: object): object {
    const { metadata, spec } = desired as Deployment;
    const live = objects.get("deployments", metadata.namespace ?? "default", metadata.name);
    if (live === undefined || (spec as Partial<Deployment["spec"]>).replicas !== undefined) return desired;
    return { ...desired, spec: { ...spec, replicas: live.spec.replicas } };
  }

  sync();
  return {
    commit: (next) => {
      wanted = next;
      isNew = true;
    },
  };
}
