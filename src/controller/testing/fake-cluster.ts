// The cluster port over a world in memory: tests look at the world that a pass leaves behind, not at the calls it made.
import type { Change, RestoreTemplate } from "../../domain/effects/change.ts";
import { changeEffect, type EventToPublish } from "../../domain/effects/effect.ts";
import { isAnythingLeft } from "../../domain/incidents/unguarded.ts";
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
  /** The guard is gone; the world is what it has left behind. */
  readonly isUnguarded?: boolean | undefined;
  /** Called before each write is done; what it throws is the answer. */
  readonly beforeWrite?: ((what: string) => void) | undefined;
  /** Called after each write was done; a throw is an answer that got lost, or the end of the process. */
  readonly afterWrite?: ((what: string) => void) | undefined;
  /** What happened in the cluster just before it is read live, not yet seen in the caches. */
  readonly beforeRead?: ((world: Snapshot) => Snapshot) | undefined;
  /** What happens between the second decision and the change. */
  readonly beforeChange?: ((world: Snapshot) => Snapshot) | undefined;
  /** What the API server makes of an accepted change: without it, what was sent. */
  readonly admit?: ((before: Snapshot, after: Snapshot) => Snapshot) | undefined;
}

/** The fake port and its world. After a rollback the Deployment controller and the kubelets bring the old pods back. */
export interface FakeCluster extends ClusterPort {
  readonly world: Snapshot | undefined;
  /** The changes that were applied. */
  readonly changes: readonly Change[];
  readonly events: readonly EventToPublish[];
}

export function createFakeCluster(options: FakeClusterOptions): FakeCluster {
  const { beforeWrite, afterWrite, beforeRead, beforeChange, admit } = options;
  const changes: Change[] = [];
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
    changes,
    events,
    observe: () => (options.isUnguarded ? undefined : world),
    observeUnguarded: () =>
      options.isUnguarded && isAnythingLeft(world?.incidents ?? []) ? world : undefined,
    observeUnguardedLive: async () => world && { snapshot: world, change },
    observeLive: async () => {
      world = world && (beforeRead?.(world) ?? world);
      const live = world;
      return live && { snapshot: live, change };
    },
    record: (_snapshot, record) => write(record.type, (now) => withEffect(now, record)),
    notify: (_snapshot, { type, event }) =>
      write(type, (now) => {
        events.push(event);
        return now;
      }),
  };

  async function change(wanted: Change): Promise<Snapshot> {
    world = world && (beforeChange?.(world) ?? world);
    await write("change", (now) => {
      if (now.workload?.generation !== wanted.expect.generation) {
        throw new ConflictError("Deployment shop/checkout changed before it could be rolled back");
      }
      changes.push(wanted);
      const done = answered(withEffect(now, changeEffect(wanted)));
      return admit?.(now, done) ?? done;
    });
    if (world?.workload === undefined) throw new Error("there is nothing to change");
    if (wanted.do !== "restoreTemplate") return world;
    const rolledBack = {
      incident: wanted.incident,
      at: sentAt(world, wanted),
      generation: world.workload.generation,
    };
    return { ...world, workload: { ...world.workload, rolledBack } };
  }
}

/** The world has no clock: a rollback is sent when its Incident was opened. */
function sentAt({ incidents }: Snapshot, { incident }: RestoreTemplate): number {
  return Date.parse(incidents.find(({ name }) => name === incident)?.spec.detectedAt ?? "");
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
