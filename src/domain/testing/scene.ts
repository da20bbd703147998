// Scenes: what the cluster looks like when the decision is asked. Healthy by default; facts say what is different.
import {
  type LedgerEntry,
  type RolloutGuardSpec,
  type RolloutGuardStatus,
  rolloutGuardSpecSchema,
} from "../../api/rollout-guard.ts";
import { referenceTo } from "../history/revisions.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { Answers } from "../snapshot/answer.ts";
import type { EventView } from "../snapshot/event.ts";
import type { GuardView } from "../snapshot/guard.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import type { PodView } from "../snapshot/pod.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import type { ServiceView } from "../snapshot/service.ts";
import type { Surroundings } from "../snapshot/surroundings.ts";
import type { WorkloadView } from "../snapshot/workload.ts";
import { GOOD, NEW, remembered } from "./a-revision.ts";
import { earlier, later, minutes, seconds, T0, written } from "./instants.ts";

/** A cluster in few words; {@link snapshotOf} in snapshot-of.ts fills in what follows from them. */
export interface Scene {
  readonly now: number;
  readonly guard: GuardView;
  /** Differences of the Deployment from what follows from its pods; undefined: there is none. */
  readonly workload: Partial<WorkloadView> | undefined;
  readonly desiredReplicas: number;
  /** The revision that the Deployment asks for. */
  readonly current: RevisionView;
  /** The other revisions. */
  readonly others: readonly RevisionView[];
  /** When the rollout completed; undefined: as its pods say. */
  readonly completedAt: number | undefined;
  /** Pods of the current revision; undefined: as many as wanted, all well. */
  readonly pods: readonly PodView[] | undefined;
  /** Pods of the revision before; undefined: as many as wanted until the rollout is complete, then none. */
  readonly oldPods: readonly PodView[] | undefined;
  readonly services: readonly SceneService[];
  /** Warning Events, told of every pod of the current revision. */
  readonly podEvents: readonly Pick<EventView, "reason" | "message" | "firstAt">[];
  readonly otherEvents: readonly EventView[];
  readonly incidents: readonly IncidentView[];
  readonly surroundings: Surroundings;
  /** What is known of questions about the rollout. */
  readonly answersTo: readonly ((rollout: Rollout, now: number) => Answers)[];
}

/** A Service; its endpoints are the ready pods that it selects, unless told otherwise. */
export type SceneService = Partial<ServiceView> & Pick<ServiceView, "name" | "selector">;

/** Something that is so in a scene. */
export type Fact = (scene: Scene) => Scene;

/** The spec of a guard of the Deployment `checkout`, with its defaults. */
export function guardSpec(changes: object = {}): RolloutGuardSpec {
  return rolloutGuardSpecSchema.parse({ target: { kind: "Deployment", name: "checkout" }, ...changes });
}

/**
 * The rollout of revision 2 over the good revision 1, which began at T0. By default a minute has passed and it
 * is complete, all 3 pods are ready, and Service `checkout` has 3 endpoints.
 */
export function aRollout(...facts: readonly Fact[]): Scene {
  return given(sceneOf(NEW, [GOOD], T0), ...facts);
}

/** Nothing is rolled out: revision 1 has been good for fifty minutes. */
export function aSettledWorkload(...facts: readonly Fact[]): Scene {
  const settled = sceneOf(GOOD, [], GOOD.createdAt);
  const since = written(GOOD.createdAt);
  const current = { ...referenceTo(GOOD), since, provenAt: written(earlier(minutes(50))) };
  const guard = { ...settled.guard, status: { ...settled.guard.status, current } };
  return given({ ...settled, guard, completedAt: earlier(minutes(59)) }, ...facts);
}

/** Revision 2 is the first there ever was, and no Service has served it yet. */
export function aFirstRollout(...facts: readonly Fact[]): Scene {
  const first = sceneOf(NEW, [], T0);
  const status = { ...first.guard.status, services: [] };
  return given({ ...first, guard: { ...first.guard, status } }, ledger(), ...facts);
}

/** Revision 2 failed, and its rollback to revision 1 was sent a minute after T0; all is well again by default. */
export function aRestoredWorkload(...facts: readonly Fact[]): Scene {
  const restored = sceneOf({ ...GOOD, revision: 3 }, [NEW], T0);
  const status = { ...restored.guard.status, current: { ...referenceTo(NEW), since: written(T0) } };
  const guard = { ...restored.guard, status };
  const workload = { rolledBack: { incident: NEW.source.name, at: later(minutes(1)) } };
  return given({ ...restored, guard, workload, oldPods: [], now: later(seconds(90)) }, ...facts);
}

/** A scene in which these facts hold too. */
export function given(scene: Scene, ...facts: readonly Fact[]): Scene {
  return facts.reduce((changed, fact) => fact(changed), scene);
}

function sceneOf(current: RevisionView, others: readonly RevisionView[], startedAt: number): Scene {
  const status: RolloutGuardStatus = {
    current: { ...referenceTo(current), since: written(startedAt) },
    revisions: [remembered(GOOD, "Good")],
    services: [{ name: "checkout", endpoints: 3 }],
  };
  return {
    now: later(minutes(1)),
    guard: {
      namespace: "shop",
      name: "checkout",
      uid: "uid-of-guard",
      generation: 1,
      createdAt: earlier(minutes(24 * 60)),
      spec: { valid: guardSpec() },
      status,
    },
    workload: {},
    desiredReplicas: 3,
    current,
    others,
    completedAt: undefined,
    pods: undefined,
    oldPods: undefined,
    services: [{ name: "checkout", selector: { app: "checkout", tier: "backend" } }],
    podEvents: [],
    otherEvents: [],
    incidents: [],
    surroundings: { observeOnly: false, settledNearby: 10, settledNamespaces: 0, outages: [] },
    answersTo: [],
  };
}

/** The ledger in the guard's status. */
export function ledger(...revisions: readonly LedgerEntry[]): Fact {
  return (scene) => ({
    ...scene,
    guard: { ...scene.guard, status: { ...scene.guard.status, revisions: [...revisions] } },
  });
}

/** It is so long after the rollout began. */
export function at(sinceStartMs: number): Fact {
  return (scene) => ({ ...scene, now: later(sinceStartMs) });
}

/** Events that were told of every pod half a second ago. */
export const EVENT_AGE_MS = seconds(0.5);
