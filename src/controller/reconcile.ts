// One pass over one guard: observe, decide, run the effects in order. A failed write ends the pass; the next one
// decides anew, so nothing has to be undone or remembered here.
import type { Decision, Effect, RollbackPlan } from "../domain/decision.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import type { Clock } from "../kube/clock.ts";
import type { ClusterPort } from "./cluster-port.ts";

export interface ReconcileDependencies {
  readonly cluster: ClusterPort;
  readonly decide: (snapshot: Snapshot, now: number) => Decision;
  readonly clock: Pick<Clock, "now">;
  /** Told each change after it was made. */
  readonly onWritten: (snapshot: Snapshot, effect: Effect, decision: Decision) => void;
}

/** How a pass ended. */
export type Outcome =
  /** There is no such guard any more. */
  | { readonly is: "gone" }
  /** All that was decided is done. */
  | { readonly is: "settled"; readonly snapshot: Snapshot; readonly decision: Decision }
  /** The rollback was sent: what follows from it is for the next pass, at once. */
  | { readonly is: "rolledBack"; readonly snapshot: Snapshot; readonly decision: Decision }
  /** The second look did not agree with the first: nothing was sent, decide anew. */
  | { readonly is: "conflict"; readonly snapshot: Snapshot; readonly why: string };

/** A fault of RolloutGuard itself: it could not come to a decision about a snapshot. */
export class DecisionFailure extends Error {
  override readonly name = "DecisionFailure";
}

/** Makes one pass over the guard `key`. Rejects with the error of the write that failed. */
export async function reconcile(key: string, dependencies: ReconcileDependencies): Promise<Outcome> {
  const { cluster, onWritten } = dependencies;
  const snapshot = cluster.observe(key);
  if (!snapshot) return { is: "gone" };
  const decision = decideOn(snapshot, dependencies);
  for (const effect of decision.effects) {
    if (effect.type === "rollBack") {
      const disagreement = await rollBackIfStillRight(key, effect.plan, dependencies);
      if (disagreement) return { is: "conflict", snapshot, why: disagreement };
      onWritten(snapshot, effect, decision);
      return { is: "rolledBack", snapshot, decision };
    }
    await write(cluster, snapshot, effect);
    onWritten(snapshot, effect, decision);
  }
  return { is: "settled", snapshot, decision };
}

/**
 * Looks again, live, decides again, and sends the patch only when both decisions go from the same revision to
 * the same revision. The second plan is the one that is sent: it names the generation that was seen live.
 * Returns why nothing was sent, if so.
 */
async function rollBackIfStillRight(
  key: string,
  first: RollbackPlan,
  dependencies: ReconcileDependencies,
): Promise<string | undefined> {
  const look = await dependencies.cluster.lookAgain(key);
  if (!look) return "the guard or its Deployment is gone";
  const decision = decideOn(look.snapshot, dependencies);
  const second = decision.effects.find((effect) => effect.type === "rollBack")?.plan;
  if (!second) return `on the second look: ${decision.reason}: ${decision.message}`;
  if (!isSameRollback(first, second)) {
    return `on the second look a rollback would go from ${second.from.hash} to ${second.to.hash}`;
  }
  await look.rollBack(second);
  return undefined;
}

function isSameRollback(first: RollbackPlan, second: RollbackPlan): boolean {
  return (
    first.deployment.uid === second.deployment.uid &&
    first.from.hash === second.from.hash &&
    first.to.hash === second.to.hash
  );
}

function write(
  cluster: ClusterPort,
  snapshot: Snapshot,
  effect: Exclude<Effect, { type: "rollBack" }>,
): Promise<void> {
  const { guard } = snapshot;
  switch (effect.type) {
    case "openIncident":
      return cluster.openIncident(guard, effect.name, effect.spec);
    case "updateIncident":
      return cluster.updateIncident(guard, effect.name, effect.status);
    case "updateGuardStatus":
      return cluster.updateGuardStatus(guard, effect.status);
    case "publishEvent":
      return cluster.publishEvent(snapshot, effect.event);
    case "deleteIncident":
      return cluster.deleteIncident(guard, effect.name);
  }
}

function decideOn(snapshot: Snapshot, { decide, clock }: ReconcileDependencies): Decision {
  try {
    return decide(snapshot, clock.now());
  } catch (cause) {
    const { guard, deployment, revisions, pods, incidents } = snapshot;
    throw new DecisionFailure(
      `no decision about guard ${guard.namespace}/${guard.name} with Deployment ${deployment?.name ?? "(none)"}, ` +
        `${revisions.length} ReplicaSets (${revisions.map(({ name }) => name).join(", ")}), ${pods.length} pods, ` +
        `Incidents: ${incidents.map(({ name }) => name).join(", ") || "none"}; please report this as a bug`,
      { cause },
    );
  }
}
