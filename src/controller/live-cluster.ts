// The cluster port over the API server: the caches are what is seen, and the answer to each write goes through them.
import type { PauseOrResume, RestoreTemplate } from "../domain/effects/change.ts";
import type {
  DeleteIncident,
  EventToPublish,
  OpenIncident,
  UpdateGuardStatus,
  UpdateIncident,
} from "../domain/effects/effect.ts";
import { withoutSecrets } from "../domain/masking/secret-patterns.ts";
import { policyOf } from "../domain/rollout/policy.ts";
import type { GuardView } from "../domain/snapshot/guard.ts";
import type { Snapshot } from "../domain/snapshot/snapshot.ts";
import type { Refusal, RefusedPause } from "../domain/snapshot/surroundings.ts";
import type { UnreadResource } from "../domain/snapshot/unread.ts";
import type { WorkloadView } from "../domain/snapshot/workload.ts";
import type { Caches } from "../kube/caches/caches.ts";
import type { Clock } from "../kube/clock.ts";
import type { ApiClient } from "../kube/connection/api-client.ts";
import { type ApiError, ConflictError, isRefusal, RefusedError } from "../kube/connection/api-error.ts";
import { withoutValues } from "../kube/masking/fingerprints.ts";
import { messageWithAdvice } from "../kube/missing-right.ts";
import { asObject, asText, type RawObject } from "../kube/objects.ts";
import { observe, observeUnguarded, withAnswer, withLive } from "../kube/observe.ts";
import { readGrounds } from "../kube/read-grounds.ts";
import { parseReconcileKey, type ReconcileKey } from "../kube/reconcile-key.ts";
import type { ResourceName } from "../kube/resources.ts";
import { portOf } from "../kube/workloads/ports-by-kind.ts";
import type { LiveWorkload } from "../kube/workloads/workload-port.ts";
import type { EventPublisher, EventSubject } from "../kube/writes/event-publisher.ts";
import { updateGuardStatus } from "../kube/writes/guard-status-writes.ts";
import { handOverFields } from "../kube/writes/hand-over-fields.ts";
import { createIncident, deleteIncident, updateIncidentStatus } from "../kube/writes/incident-writes.ts";
import { pauseOrResume } from "../kube/writes/pause-or-resume.ts";
import { rollBack } from "../kube/writes/roll-back.ts";
import { HOUR_MS } from "../kube/writes/rollback-times.ts";
import { SafetyStop } from "../kube/writes/safety-stop.ts";
import type { ClusterPort } from "./cluster-port.ts";
import { Refusals } from "./refusals.ts";

export interface LiveClusterOptions {
  readonly client: ApiClient;
  readonly caches: Caches;
  /** Where the cluster serves endpoints. */
  readonly endpoints: "endpointslices" | "endpoints";
  readonly events: Pick<EventPublisher, "publish">;
  readonly clock: Pick<Clock, "now">;
  /** The whole operator only observes. */
  readonly observeOnly: boolean;
  /** Since when everything is current again after a time in which something was not read (epoch ms). */
  readonly currentSinceAt?: (() => number | undefined) | undefined;
  /** What of the namespace has not been current for a minute. */
  readonly unreadIn?: ((namespace: string) => readonly UnreadResource[]) | undefined;
}

/**
 * A change costs two requests and what it rests on to read live, and one for itself, handing over one to read and one to
 * write; every other effect costs one.
 */
export function createLiveCluster(options: LiveClusterOptions): ClusterPort {
  const { client, caches, events, clock, observeOnly } = options;
  const safetyStop = new SafetyStop();
  const refusedRollbacks = new Refusals<Omit<Refusal, "why" | "retryAt">>();
  const refusedPauses = new Refusals<Omit<RefusedPause, "why" | "retryAt">>();
  const see = (key: ReconcileKey) => {
    const snapshot = observe(caches, key, {
      observeOnly,
      currentSinceAt: options.currentSinceAt?.(),
      stoppedUntil: (uid) => safetyStop.stoppedUntil(uid, clock.now()),
      unread: options.unreadIn?.(parseReconcileKey(key).namespace),
      refusal: refusedRollbacks.of(key),
      refusedPause: refusedPauses.of(key),
    });
    if (!snapshot) {
      refusedRollbacks.forget(key);
      refusedPauses.forget(key);
    }
    return snapshot;
  };
  /** What an answer told is known at once, whenever the watch tells it too. */
  const learn = (resource: ResourceName, object: RawObject) =>
    caches.apply(resource, "MODIFIED", object, clock.now());
  const versionOf = (resource: ResourceName, namespace: string, name: string) => ({
    resourceVersion: caches.resourceVersionOf(resource, namespace, name),
  });

  return {
    observe: see,

    observeUnguarded: (key, isFrozen) => observeUnguarded(caches, key, { observeOnly, isFrozen }),

    async observeUnguardedLive(key, isFrozen) {
      const { namespace, target } = parseReconcileKey(key);
      const live = await portOf(target)
        .read(client, namespace, target.name)
        .catch((error: unknown) => {
          if (error instanceof ConflictError) return undefined;
          throw error;
        });
      const now = live && observeUnguarded(caches, key, { observeOnly, isFrozen });
      return (
        now && {
          snapshot: withLive(now, live),
          change: (change) => {
            if (change.do === "restoreTemplate")
              throw new TypeError("nothing is rolled back without a guard");
            return freezeOrContinue(key, now, change, live);
          },
        }
      );
    },

    async observeLive(key, restsOn) {
      const before = see(key);
      if (!before?.workload) return undefined;
      const port = portOf(before.workload);
      const [live] = await Promise.all([
        port.read(client, before.guard.namespace, before.workload.name),
        readGrounds(options, before, restsOn),
      ]);
      learn(port.resource, live.workload);
      for (const source of live.sources) learn(port.revisionResource, source);
      // Meanwhile the guard may have been changed or deleted: that counts too.
      const now = see(key);
      return (
        now && {
          snapshot: withLive(now, live),
          change: (change) =>
            change.do === "restoreTemplate"
              ? send(key, now, change, live)
              : freezeOrContinue(key, now, change, live),
        }
      );
    },

    record({ guard, workload }, record) {
      switch (record.type) {
        case "openIncident":
          return openIncident(guard, record);
        case "updateIncident":
          return updateIncident(guard, record);
        case "updateGuardStatus":
          return writeGuardStatus(guard, record);
        case "deleteIncident":
          return removeIncident(guard, record);
        case "handOverFields":
          return handOver(guard, workload);
      }
    },

    async notify(snapshot, { event }) {
      const subject = subjectOf(snapshot, event);
      if (subject) await events.publish(subject, event);
    },
  };

  async function send(
    key: ReconcileKey,
    before: Snapshot,
    change: RestoreTemplate,
    live: LiveWorkload,
  ): Promise<Snapshot> {
    const sentAt = clock.now();
    try {
      const answer = await safetyStop.send(live.workload, allowedInAnHour(before.guard), sentAt, () =>
        rollBack(client, change, live, sentAt),
      );
      learn(portOf(live).resource, answer);
      refusedRollbacks.forget(key);
      refusedPauses.forget(key);
      return withAnswer(see(key) ?? before, { ...live, workload: answer }, change.incident, sentAt);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const why = wordsOf(error, before);
      const { expect, from, to } = change;
      refusedRollbacks.note(key, { uid: expect.uid, from: from.hash, to: to.hash }, why, clock.now());
      throw new RefusedError(why, { cause: error });
    }
  }

  /** What the API server says, without values that nobody may see. */
  function wordsOf(refusal: ApiError, { guard, workload }: Snapshot): string {
    const values = workload ? caches.contents.fingerprintsOf(guard.namespace, workload) : [];
    return withoutSecrets(withoutValues(messageWithAdvice(refusal), values));
  }

  async function freezeOrContinue(
    key: ReconcileKey,
    before: Snapshot,
    change: PauseOrResume,
    live: LiveWorkload,
  ): Promise<Snapshot> {
    try {
      const workload = await pauseOrResume(client, change, live.workload);
      learn(portOf(live).resource, workload);
      refusedPauses.forget(key);
      return withLive(see(key) ?? before, { ...live, workload });
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const why = wordsOf(error, before);
      const of = "incident" in change.why ? change.why.incident : change.why.revision;
      refusedPauses.note(key, { ...change.expect, do: change.do, of }, why, clock.now());
      throw new RefusedError(why, { cause: error });
    }
  }

  async function openIncident({ namespace }: GuardView, { name, spec }: OpenIncident): Promise<void> {
    const incident = await createIncident(client, { namespace, name }, spec);
    learn("incidents", incident);
    // Opened by an earlier pass whose answer was lost, or unknown to the caches until now: what follows from it is another decision.
    if (asText(asObject(incident["spec"])["detectedAt"]) !== spec.detectedAt) {
      throw new ConflictError(`Incident ${namespace}/${name} already exists`);
    }
  }

  async function updateIncident({ namespace }: GuardView, { name, status }: UpdateIncident): Promise<void> {
    const expected = versionOf("incidents", namespace, name);
    learn("incidents", await updateIncidentStatus(client, { namespace, name }, expected, status));
  }

  async function removeIncident({ namespace }: GuardView, { name }: DeleteIncident): Promise<void> {
    const known = versionOf("incidents", namespace, name);
    await deleteIncident(client, { namespace, name });
    caches.apply("incidents", "DELETED", { metadata: { namespace, name, ...known } }, clock.now());
  }

  async function handOver({ namespace }: GuardView, workload: WorkloadView | undefined): Promise<void> {
    if (!workload) return;
    const { kind, name, uid } = workload;
    learn(portOf({ kind }).resource, await handOverFields(client, { kind, namespace, name, uid }));
  }

  async function writeGuardStatus(
    { namespace, name, uid }: GuardView,
    { status }: UpdateGuardStatus,
  ): Promise<void> {
    const expected = { uid, ...versionOf("rolloutguards", namespace, name) };
    learn("rolloutguards", await updateGuardStatus(client, { namespace, name }, expected, status));
  }
}

/** How many rollbacks the guard's own limits let happen in an hour. */
function allowedInAnHour({ spec }: GuardView): number {
  if (!("valid" in spec)) return 0;
  const { windowMs } = policyOf(spec.valid);
  return spec.valid.limits.maxRollbacks * Math.ceil(HOUR_MS / Math.min(windowMs, HOUR_MS));
}

function subjectOf({ guard, workload }: Snapshot, { on }: EventToPublish): EventSubject | undefined {
  const { namespace } = guard;
  if (on === "RolloutGuard") return { kind: on, namespace, name: guard.name, uid: guard.uid };
  return workload && { kind: workload.kind, namespace, name: workload.name, uid: workload.uid };
}
