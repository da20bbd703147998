// After a rollback by hand: gives the fields that it changed to whoever applies the Deployment, as an operator does.
import { ApiError, ConflictError, ConnectionError } from "../../../kube/connection/api-error.ts";
import { portOf } from "../../../kube/workloads/ports-by-kind.ts";
import { handOverFields, OwnersRestoredError } from "../../../kube/writes/hand-over-fields.ts";
import type { ClusterAccess } from "../../cluster/cluster-access.ts";
import type { WatchedDeployment } from "../../cluster/watched-deployment.ts";

/** Remembers a refusal, so that the API server is not asked the same again each second. */
export class HandOverByHand {
  readonly #access: ClusterAccess;
  readonly #deployment: WatchedDeployment;
  #isRefused = false;

  constructor(access: ClusterAccess, deployment: WatchedDeployment) {
    this.#access = access;
    this.#deployment = deployment;
  }

  /** Does it when it is due. Resolves also when it was not possible: the rollback is what was asked for. */
  async attempt(): Promise<void> {
    const workload = this.#deployment.look()?.workload;
    if (workload?.blocksNextApply !== true || this.#isRefused) return;
    const { client, clock, namespace } = this.#access;
    const { kind, name, uid } = workload;
    try {
      const changed = await handOverFields(client, { kind, namespace, name, uid });
      this.#deployment.caches.apply(portOf({ kind }).resource, "MODIFIED", changed, clock.now());
    } catch (error) {
      this.#isRefused = error instanceof ApiError || error instanceof OwnersRestoredError;
      if (!(this.#isRefused || error instanceof ConflictError || error instanceof ConnectionError))
        throw error;
    }
  }
}
