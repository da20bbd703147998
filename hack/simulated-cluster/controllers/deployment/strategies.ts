// One pass over a Deployment by each strategy: what to scale next. Called again and again, each pass a step.
import type { Deployment } from "../../api-server/kinds.ts";
import type { ApiObjects } from "../../api-server/objects.ts";
import { isComplete } from "./deployment-status.ts";
import { viewOf } from "./deployment-view.ts";
import { newSetReplicas, oldSetReplicas, proportionalReplicas } from "./replica-counts.ts";
import type { ReplicaSetWrites } from "./replica-set-writes.ts";
import type { StatusWrites } from "./status-writes.ts";

interface StrategyParts {
  readonly objects: ApiObjects;
  readonly setWrites: ReplicaSetWrites;
  readonly statusWrites: StatusWrites;
  /** Makes or renumbers the ReplicaSet of the template. False when the pass ends here. */
  readonly syncNewSet: (deployment: Deployment) => boolean;
}

/** Makes the functions that carry out one pass. */
export function createStrategies({ objects, setWrites, statusWrites, syncNewSet }: StrategyParts) {
  /** Old pods go as new ones become available, within the limits of the strategy. */
  function rollingUpdate(given: Deployment): void {
    if (!syncNewSet(given)) return;
    const { deployment, newSet, oldSets, all } = viewOf(objects, given);
    if (newSet === undefined) return;
    const { replicas } = deployment.spec;
    const wanted =
      newSet.spec.replicas > replicas ? replicas : newSetReplicas(deployment, all, newSet.spec.replicas);
    if (setWrites.scale(deployment, newSet, wanted)) {
      statusWrites.updateStatus(deployment);
      return;
    }
    const sizes = oldSetReplicas(deployment, newSet, oldSets);
    const scaled = oldSets.map((set) => setWrites.scale(deployment, set, sizes.get(set.metadata.uid) ?? 0));
    const hasScaled = scaled.includes(true);
    if (!hasScaled && isComplete(deployment, deployment.status)) setWrites.cleanUp(deployment, oldSets);
    statusWrites.updateStatus(deployment);
  }

  /** All old pods go before the first new one starts. */
  function recreate(given: Deployment): void {
    const { deployment, newSet, oldSets } = viewOf(objects, given);
    const scaled = oldSets.map((set) => setWrites.scale(deployment, set, 0));
    if (scaled.includes(true)) {
      statusWrites.updateStatus(deployment);
      return;
    }
    const hasOldPods = oldSets.some(({ metadata }) =>
      objects
        .ownedBy("pods", metadata.uid)
        .some(({ status }) => !["Failed", "Succeeded"].includes(status.phase ?? "")),
    );
    if (hasOldPods) {
      statusWrites.updateStatus(deployment);
      return;
    }
    if (!syncNewSet(deployment)) return;
    const created = newSet ?? viewOf(objects, deployment).newSet;
    if (created !== undefined) setWrites.scale(deployment, created, deployment.spec.replicas);
    if (isComplete(deployment, deployment.status)) setWrites.cleanUp(deployment, oldSets);
    statusWrites.updateStatus(deployment);
  }

  /** Brings the sizes to a changed replica count, and nothing else: no new revision. */
  function scaleOnly(given: Deployment): void {
    const { deployment, newSet, all } = viewOf(objects, given);
    const { replicas } = deployment.spec;
    const active = all.filter(({ spec }) => spec.replicas > 0);
    const single = active.length <= 1 ? (active[0] ?? newSet ?? all.at(-1)) : undefined;
    const isSaturated = newSet?.spec.replicas === replicas && newSet.status.availableReplicas === replicas;
    if (single !== undefined) setWrites.scale(deployment, single, replicas);
    else if (isSaturated) for (const set of active) if (set !== newSet) setWrites.scale(deployment, set, 0);
    if (single === undefined && !isSaturated && deployment.spec.strategy.type === "RollingUpdate") {
      const sizes = proportionalReplicas(deployment, active);
      for (const set of active)
        setWrites.scale(deployment, set, sizes.get(set.metadata.uid) ?? set.spec.replicas);
    }
    statusWrites.updateStatus(deployment, false);
  }

  return { rollingUpdate, recreate, scaleOnly };
}
