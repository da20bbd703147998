// One pass over a Deployment by each strategy: what to scale next. Called again and again, each pass a step.
import type { Deployment, ReplicaSet } from "../../api-server/kinds.ts";
import type { ApiObjects } from "../../api-server/objects.ts";
import { isComplete } from "./deployment-status.ts";
import type { DeploymentView, ViewOf } from "./deployment-view.ts";
import { isSaturated, newSetReplicas, oldSetScaleDowns, proportionalReplicas } from "./replica-counts.ts";
import type { ReplicaSetWrites } from "./replica-set-writes.ts";
import type { StatusWrites } from "./status-writes.ts";

interface StrategyParts {
  readonly objects: ApiObjects;
  readonly setWrites: ReplicaSetWrites;
  readonly statusWrites: StatusWrites;
  readonly viewOf: ViewOf;
  /** Makes or renumbers the ReplicaSet of the template. False when there is none after that. */
  readonly syncNewSet: (deployment: Deployment, canCreate: boolean) => boolean;
}

/** Makes the functions that carry out one pass. */
export function createStrategies({ objects, setWrites, statusWrites, syncNewSet, viewOf }: StrategyParts) {
  /** Old pods go as new ones become available, within the limits of the strategy. */
  function rollingUpdate(given: Deployment): void {
    if (!syncNewSet(given, true)) return;
    const { deployment, newSet, oldSets, all } = viewOf(given);
    if (newSet === undefined) return;
    const { replicas } = deployment.spec;
    const wanted =
      newSet.spec.replicas > replicas ? replicas : newSetReplicas(deployment, all, newSet.spec.replicas);
    const hasGrown = setWrites.scale(deployment, newSet, wanted);
    const hasShrunk = !hasGrown && scaleDownOld(deployment, newSet, oldSets);
    if (!hasGrown && !hasShrunk && isComplete(deployment, deployment.status)) {
      setWrites.cleanUp(deployment, oldSets);
    }
    statusWrites.updateStatus(deployment);
  }

  function scaleDownOld(deployment: Deployment, newSet: ReplicaSet, oldSets: readonly ReplicaSet[]): boolean {
    const scaleDowns = oldSetScaleDowns(deployment, newSet, oldSets);
    for (const { set, steps } of scaleDowns) {
      const { namespace = "", name } = set.metadata;
      for (const size of steps) {
        setWrites.scale(deployment, objects.get("replicasets", namespace, name) ?? set, size);
      }
    }
    return scaleDowns.some(({ steps }) => steps.length > 0);
  }

  /** All old pods go before the first new one starts. */
  function recreate(given: Deployment): void {
    syncNewSet(given, false);
    const { deployment, newSet, oldSets } = viewOf(given);
    const scaled = oldSets.map((set) => setWrites.scale(deployment, set, 0));
    if (scaled.includes(true) || hasOldPods(oldSets)) {
      statusWrites.updateStatus(deployment);
      return;
    }
    if (newSet === undefined && !syncNewSet(deployment, true)) return;
    const created = newSet ?? viewOf(deployment).newSet;
    if (created !== undefined) setWrites.scale(deployment, created, deployment.spec.replicas);
    if (isComplete(deployment, deployment.status)) setWrites.cleanUp(deployment, oldSets);
    statusWrites.updateStatus(deployment);
  }

  function hasOldPods(oldSets: readonly ReplicaSet[]): boolean {
    const isLeft = ({ metadata: { uid }, status }: ReplicaSet) =>
      status.replicas > 0 ||
      objects
        .ownedBy("pods", uid)
        .some((pod) => !["Failed", "Succeeded", "Unknown"].includes(pod.status.phase ?? ""));
    return oldSets.some(isLeft);
  }

  /** Brings the sizes to a changed replica count, and nothing else: no new revision. Also all that is done while paused. */
  function scaleOnly(given: Deployment): void {
    syncNewSet(given, false);
    const view = viewOf(given);
    const { deployment } = view;
    bringToSize(view);
    if (deployment.spec.paused) setWrites.cleanUp(deployment, viewOf(deployment).oldSets);
    statusWrites.updateCounts(deployment);
  }

  function bringToSize({ deployment, newSet, all }: DeploymentView): void {
    const { replicas, strategy } = deployment.spec;
    const active = all.filter(({ spec }) => spec.replicas > 0);
    if (active.length <= 1) {
      const single = active[0] ?? newSet ?? all.at(-1);
      if (single !== undefined) setWrites.scale(deployment, single, replicas);
      return;
    }
    if (isSaturated(deployment, newSet)) {
      for (const set of active) if (set !== newSet) setWrites.scale(deployment, set, 0);
      return;
    }
    if (strategy.type !== "RollingUpdate") return;
    const sizes = proportionalReplicas(deployment, active);
    for (const set of active) {
      setWrites.scaleInProportion(deployment, set, sizes.get(set.metadata.uid) ?? set.spec.replicas);
    }
  }

  /** What is done for a Deployment that is being deleted. */
  function statusOnly(given: Deployment): void {
    syncNewSet(given, false);
    statusWrites.updateCounts(given);
  }

  return { rollingUpdate, recreate, scaleOnly, statusOnly };
}
