// What may be different in a scene, in words.
import type { FreezeRecord, RolloutGuardStatus } from "../../api/rollout-guard.ts";
import type { GuardView } from "../snapshot/guard.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import type { PodView } from "../snapshot/pod.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import type { ServiceView } from "../snapshot/service.ts";
import type { Outage, Surroundings } from "../snapshot/surroundings.ts";
import type { WorkloadView } from "../snapshot/workload.ts";
import { aPod, crashed, type PodTrait } from "./a-pod.ts";
import { NEW } from "./a-revision.ts";
import type { TemplateChange } from "./a-template.ts";
import { later, minutes, seconds, written } from "./instants.ts";
import { type Fact, given, guardSpec } from "./scene.ts";

/** The current revision has just these pods, made when it was first rolled out. */
export function withPods(count: number, ...traits: readonly PodTrait[]): Fact {
  return (scene) => ({ ...scene, pods: podsOf(scene.current, count, 0, traits) });
}

/** Service is being lost: the Service `checkout` keeps one of its three endpoints. */
export const losingService: Fact = withService({ readyEndpoints: 1 });

/** All pods of the current revision crash again and again, and service is being lost. */
export const crashing: Fact = (scene) =>
  given(scene, withPods(3, crashed({ restarts: 2, message: "DATABASE_URL is not set" })), losingService);

/** And some more pods of the current revision. */
export function andPods(count: number, ...traits: readonly PodTrait[]): Fact {
  return (scene) => {
    const pods = scene.pods ?? [];
    return { ...scene, pods: [...pods, ...podsOf(scene.current, count, pods.length, traits)] };
  };
}

/** The revision before has just these pods. */
export function withOldPods(count: number, ...traits: readonly PodTrait[]): Fact {
  return (scene) => {
    const [old] = scene.others;
    return { ...scene, oldPods: old ? podsOf(old, count, 0, traits) : [] };
  };
}

function podsOf(
  revision: RevisionView,
  count: number,
  first: number,
  traits: readonly PodTrait[],
): readonly PodView[] {
  return Array.from({ length: count }, (_, index) =>
    aPod(revision, first + index, revision.createdAt, traits),
  );
}

/** The rollout changes the template so. State pods after this. */
export function changing(...changes: readonly TemplateChange[]): Fact {
  return (scene) => ({ ...scene, current: changed(scene.current, changes) });
}

/** All revisions have this in their templates. State pods after this. */
export function withReferences(...changes: readonly TemplateChange[]): Fact {
  return (scene) => ({
    ...scene,
    current: changed(scene.current, changes),
    others: scene.others.map((one) => changed(one, changes)),
  });
}

/** The revision before had this in its template, which the rollout took away. */
export function withOldReferences(...changes: readonly TemplateChange[]): Fact {
  return (scene) => ({ ...scene, others: scene.others.map((one) => changed(one, changes)) });
}

function changed(revision: RevisionView, changes: readonly TemplateChange[]): RevisionView {
  return { ...revision, template: changes.reduce((template, change) => change(template), revision.template) };
}

/** The rollout completed so long after it began. */
export function completedAfter(durationMs: number): Fact {
  return (scene) => ({ ...scene, completedAt: later(durationMs) });
}

/** The Deployment wants so many pods. */
export function wanting(desiredReplicas: number): Fact {
  return (scene) => ({ ...scene, desiredReplicas });
}

/** So many pods were wanted when the rollout began. */
export function beganWith(replicas: number): Fact {
  return (scene) => {
    const { current } = scene.guard.status;
    return current ? given(scene, withStatus({ current: { ...current, replicas } })) : scene;
  };
}

export function withWorkload(changes: Partial<WorkloadView>): Fact {
  return (scene) => ({ ...scene, workload: { ...scene.workload, ...changes } });
}

export const withoutWorkload: Fact = (scene) => ({ ...scene, workload: undefined });

/** The current revision with other properties. */
export function withCurrent(changes: Partial<RevisionView>): Fact {
  return (scene) => ({ ...scene, current: { ...scene.current, ...changes } });
}

/** The history holds just these revisions besides the current one. */
export function withOthers(...others: readonly RevisionView[]): Fact {
  return (scene) => ({ ...scene, others });
}

/** The guard's spec, as a person writes it, without its target. */
export function withSpec(spec: object): Fact {
  return withGuard({ spec: { valid: guardSpec(spec) } });
}

export function withGuard(changes: Partial<GuardView>): Fact {
  return (scene) => ({ ...scene, guard: { ...scene.guard, ...changes } });
}

/** What the guard remembers. */
export function withStatus(changes: Partial<RolloutGuardStatus>): Fact {
  return (scene) => ({
    ...scene,
    guard: { ...scene.guard, status: { ...scene.guard.status, ...changes } },
  });
}

/** The guard was made so long after the rollout began, and remembers nothing yet. */
export function guardMadeAfter(durationMs: number): Fact {
  return withGuard({ createdAt: later(durationMs), status: {} });
}

export function withIncidents(...incidents: readonly IncidentView[]): Fact {
  return (scene) => ({ ...scene, incidents });
}

/** The Service `checkout` with other properties. */
export function withService(changes: Partial<ServiceView>): Fact {
  return (scene) => ({
    ...scene,
    services: scene.services.map((one) => (one.name === "checkout" ? { ...one, ...changes } : one)),
  });
}

/** One more Service. */
export function andService(name: string, changes: Partial<ServiceView> = {}): Fact {
  return (scene) => ({
    ...scene,
    services: [...scene.services, { name, selector: { app: name }, ...changes }],
  });
}

/** So many workloads of the namespace became unavailable half a minute into the rollout, until then; by default they still are. */
export function anOutage(count: number, endedAfterMs?: number): readonly Outage[] {
  return Array.from({ length: count }, (_, index) => ({
    namespace: "shop",
    kind: "Deployment",
    name: `neighbour-${index}`,
    downSinceAt: later(seconds(30)),
    ...(endedAfterMs !== undefined && { upAt: later(endedAfterMs) }),
  }));
}

/** Kubernetes warns of every pod of the current revision, for the first time then. */
export function warned(reason: string, message: string, firstAt?: number): Fact {
  return (scene) => ({ ...scene, podEvents: [...scene.podEvents, { reason, message, firstAt }] });
}

export const withoutEvents: Fact = (scene) => ({ ...scene, podEvents: [], otherEvents: [] });

export function withSurroundings(changes: Partial<Surroundings>): Fact {
  return (scene) => ({ ...scene, surroundings: { ...scene.surroundings, ...changes } });
}

/** The API server refuses the new pods since then. */
export function refusedSince(at: number, message: string): Fact {
  return withCurrent({
    conditions: [
      {
        type: "ReplicaFailure",
        status: "True",
        reason: "FailedCreate",
        message,
        transitionAt: at,
        updatedAt: at,
      },
    ],
  });
}

/** Kubernetes reported no progress at that time. */
export function deadlineExceededAt(at: number): Fact {
  return withWorkload({
    conditions: [
      {
        type: "Progressing",
        status: "False",
        reason: "ProgressDeadlineExceeded",
        message: `ReplicaSet "${NEW.source.name}" has timed out progressing.`,
        transitionAt: at,
        updatedAt: at,
      },
    ],
  });
}

/** RolloutGuard paused the rollout of the revision five seconds after it began, for three minutes at most. */
export function frozenFor({ hash }: RevisionView): Fact {
  return (scene) =>
    given(scene, notingFreeze({ revision: hash }), withWorkload({ isPaused: true, frozenRevision: hash }));
}

/** The guard's status notes a pause of the rollout of the new revision. */
export function notingFreeze(changes: Partial<FreezeRecord> = {}): Fact {
  const freeze: FreezeRecord = {
    revision: NEW.hash,
    state: "Paused",
    reason: "CrashLooping",
    message: "1 of 1 pod: container app keeps exiting with code 1",
    since: written(later(seconds(5))),
    until: written(later(minutes(3))),
    ...changes,
  };
  return (scene) => ({
    ...scene,
    guard: { ...scene.guard, status: { ...scene.guard.status, freeze } },
  });
}
