// The cluster port over a world in memory: tests look at the world that a pass leaves behind, not at the calls it made.
import type { EventToPublish, RollbackPlan } from "../../domain/decision.ts";
import type { Snapshot } from "../../domain/snapshot/snapshot.ts";
import { NEW } from "../../domain/testing/a-revision.ts";
import { aSettledWorkload } from "../../domain/testing/scene.ts";
import { withEffect } from "../../domain/testing/small-world.ts";
import { snapshotOf } from "../../domain/testing/snapshot-of.ts";
import { ConflictError } from "../../kube/connection/api-error.ts";
import type { ClusterPort } from "../cluster-port.ts";

export interface FakeClusterOptions {
  /** The guard and what belongs to it; undefined: there is none. */
  readonly world: Snapshot | undefined;
  /** Called before each write is done; what it throws is the answer. */
  readonly beforeWrite?: ((what: string) => void) | undefined;
  /** Called after each write was done; a throw is an answer that got lost, or the end of the process. */
  readonly afterWrite?: ((what: string) => void) | undefined;
  /** What happened in the cluster just before the second look, not yet seen in the caches. */
  readonly beforeLook?: ((world: Snapshot) => Snapshot) | undefined;
  /** What happens between the second look and the patch. */
  readonly beforePatch?: ((world: Snapshot) => Snapshot) | undefined;
}

/** The fake port and its world. After a rollback the Deployment controller and the kubelets bring the old pods back. */
export interface FakeCluster extends ClusterPort {
  readonly world: Snapshot | undefined;
  /** The patches that were applied. */
  readonly patches: readonly RollbackPlan[];
  readonly events: readonly EventToPublish[];
}

export function createFakeCluster(options: FakeClusterOptions): FakeCluster {
  const { beforeWrite, afterWrite, beforeLook, beforePatch } = options;
  const patches: RollbackPlan[] = [];
  const events: EventToPublish[] = [];
  let world = options.world;

  async function write(what: string, change: (world: Snapshot) => Snapshot): Promise<void> {
    beforeWrite?.(what);
    world = world && change(world);
    afterWrite?.(what);
  }

  return {
    get world() {
      return world;
    },
    patches,
    events,
    observe: () => world,
    lookAgain: async () => {
      world = world && (beforeLook?.(world) ?? world);
      const live = world;
      return live && { snapshot: live, rollBack };
    },
    openIncident: (_guard, name, spec) =>
      write("openIncident", (now) => withEffect(now, { type: "openIncident", name, spec })),
    updateIncident: (_guard, name, status) =>
      write("updateIncident", (now) => withEffect(now, { type: "updateIncident", name, status })),
    deleteIncident: (_guard, name) =>
      write("deleteIncident", (now) => withEffect(now, { type: "deleteIncident", name })),
    updateGuardStatus: (_guard, status) =>
      write("updateGuardStatus", (now) => withEffect(now, { type: "updateGuardStatus", status })),
    publishEvent: (_snapshot, event) =>
      write("publishEvent", (now) => {
        events.push(event);
        return now;
      }),
  };

  function rollBack(plan: RollbackPlan): Promise<void> {
    world = world && (beforePatch?.(world) ?? world);
    return write("rollBack", (now) => {
      if (now.workload?.generation !== plan.workload.generation) {
        throw new ConflictError("Deployment shop/checkout changed before it could be rolled back");
      }
      patches.push(plan);
      return answered(withEffect(now, { type: "rollBack", plan }));
    });
  }
}

function answered(world: Snapshot): Snapshot {
  const well = snapshotOf({ ...aSettledWorkload(), others: [NEW] });
  const { pods, services, revisions } = well;
  const { generation = 0, rolledBack } = world.workload ?? {};
  const workload = well.workload && world.workload && { ...well.workload, generation, rolledBack };
  return {
    ...world,
    workload: workload && { ...workload, observedGeneration: workload.generation },
    pods,
    services,
    revisions,
  };
}
