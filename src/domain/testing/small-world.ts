// A cluster in memory that does what decisions say, as far as the decision can see: enough to run it to the end.
import { decide } from "../decide.ts";
import type { Decision } from "../decision.ts";
import type { PauseOrResume, RestoreTemplate } from "../effects/change.ts";
import type { Effect } from "../effects/effect.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { frozen } from "./frozen.ts";

/** What became of the world, and every decision on the way. */
export interface Run {
  readonly snapshot: Snapshot;
  readonly now: number;
  readonly decisions: readonly Decision[];
}

/** The world after an effect. Kubernetes itself stands still: pods and counts stay as they are. */
export function withEffect(snapshot: Snapshot, effect: Effect): Snapshot {
  switch (effect.type) {
    case "openIncident": {
      const incident = { name: effect.name, uid: `uid-of-incident-${effect.name}`, spec: effect.spec };
      return { ...snapshot, incidents: [...snapshot.incidents, incident] };
    }
    case "updateIncident": {
      const { name, status } = effect;
      const incidents = snapshot.incidents.map((one) => (one.name === name ? { ...one, status } : one));
      return { ...snapshot, incidents };
    }
    case "deleteIncident":
      return { ...snapshot, incidents: snapshot.incidents.filter(({ name }) => name !== effect.name) };
    case "updateGuardStatus":
      return { ...snapshot, guard: { ...snapshot.guard, status: effect.status } };
    case "handOverFields": {
      const { workload } = snapshot;
      return { ...snapshot, workload: workload && { ...workload, blocksNextApply: undefined } };
    }
    case "change":
      return effect.change.do === "restoreTemplate"
        ? rolledBack(snapshot, effect.change)
        : pausedOrResumed(snapshot, effect.change);
    case "publishEvent":
      return snapshot;
  }
}

/** As the Deployment controller answers an undo: the old template, and the next revision number for it. */
function rolledBack(snapshot: Snapshot, change: RestoreTemplate): Snapshot {
  const { workload, revisions, incidents } = snapshot;
  const about = incidents.find(({ name }) => name === change.incident);
  const target = revisions.find(({ hash }) => hash === change.to.hash);
  if (!workload || !target || change.expect.generation !== workload.generation) return snapshot;
  const generation = workload.generation + 1;
  const revision = Math.max(...revisions.map((one) => one.revision)) + 1;
  return {
    ...snapshot,
    workload: {
      ...workload,
      generation,
      observedGeneration: generation,
      templateKey: target.templateKey,
      updatedReplicas: target.replicas,
      conditions: [],
      isPaused: workload.isPaused && workload.frozenRevision === undefined,
      frozenRevision: undefined,
      rolledBack: { incident: change.incident, at: Date.parse(about?.spec.detectedAt ?? ""), generation },
    },
    revisions: revisions.map((one) => (one === target ? { ...one, revision } : one)),
  };
}

function pausedOrResumed(snapshot: Snapshot, change: PauseOrResume): Snapshot {
  const { workload } = snapshot;
  if (!workload || change.expect.generation !== workload.generation) return snapshot;
  const generation = workload.generation + 1;
  const isPaused = change.do === "pauseRollout";
  const mark = (value: string) => (isPaused ? value : undefined);
  const { why } = change;
  const marks =
    "incident" in why ? { pausedFor: mark(why.incident) } : { frozenRevision: mark(why.revision) };
  return {
    ...snapshot,
    workload: { ...workload, generation, observedGeneration: generation, isPaused, ...marks },
  };
}

/** One pass, as reconcile makes it: the effects in order; a rollback ends the pass. */
function pass(snapshot: Snapshot, now: number): { snapshot: Snapshot; decision: Decision } {
  const decision = decide(frozen(snapshot), now);
  let world = snapshot;
  for (const effect of decision.effects) {
    world = withEffect(world, effect);
    if (effect.class === "change") break;
  }
  return { snapshot: frozen(world), decision };
}

/** Passes at one instant, until there is nothing more to do; at most `limit`. */
export function runUntilSettled(snapshot: Snapshot, now: number, limit = 12): Run {
  const decisions: Decision[] = [];
  let world = snapshot;
  while (decisions.length < limit) {
    const next = pass(world, now);
    decisions.push(next.decision);
    world = next.snapshot;
    if (next.decision.effects.length === 0) break;
  }
  return { snapshot: world, now, decisions };
}

/** Passes until nothing is left to do, then at every time at which the decision asks to look again, until `untilAt`. */
export function runUntil(snapshot: Snapshot, from: number, untilAt: number): Run {
  const decisions: Decision[] = [];
  let [world, now] = [snapshot, from];
  for (;;) {
    const run = runUntilSettled(world, now);
    decisions.push(...run.decisions);
    world = run.snapshot;
    const wakeAt = decisions.at(-1)?.wakeAt;
    if (wakeAt === undefined || wakeAt > untilAt) return { snapshot: world, now, decisions };
    now = wakeAt;
  }
}
