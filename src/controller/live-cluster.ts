// The cluster port over the API server: the caches are what is seen, and the answer to each write goes through them.
import { asksForPolicies } from "../domain/cause/network-policy.ts";
import type { EventToPublish } from "../domain/decision.ts";
import { chosenLog } from "../domain/last-words/chosen-log.ts";
import type { Snapshot } from "../domain/snapshot/snapshot.ts";
import type { Caches } from "../kube/caches/caches.ts";
import type { Clock } from "../kube/clock.ts";
import type { ApiClient } from "../kube/connection/api-client.ts";
import { ConflictError } from "../kube/connection/api-error.ts";
import { readLastWords } from "../kube/logs/read-last-words.ts";
import { readPolicies } from "../kube/network/read-policies.ts";
import { asObject, asText, type RawObject } from "../kube/objects.ts";
import { networkOf, observe, withLive } from "../kube/observe.ts";
import type { ReconcileKey } from "../kube/reconcile-key.ts";
import type { ResourceName } from "../kube/resources.ts";
import { portOf } from "../kube/workloads/ports-by-kind.ts";
import type { EventPublisher, EventSubject } from "../kube/writes/event-publisher.ts";
import { updateGuardStatus } from "../kube/writes/guard-status-writes.ts";
import { createIncident, deleteIncident, updateIncidentStatus } from "../kube/writes/incident-writes.ts";
import { rollBack } from "../kube/writes/roll-back.ts";
import type { ClusterPort } from "./cluster-port.ts";

export interface LiveClusterOptions {
  readonly client: ApiClient;
  readonly caches: Caches;
  readonly events: Pick<EventPublisher, "publish">;
  readonly clock: Pick<Clock, "now">;
  /** The whole operator only observes. */
  readonly observeOnly: boolean;
  /** Since when everything is current again after a time in which something was not read (epoch ms). */
  readonly currentSinceAt?: (() => number | undefined) | undefined;
  /** NetworkPolicies cannot be read, mostly for want of permission: causes that they tell are not told. */
  readonly onNoPolicies?: ((error: unknown) => void) | undefined;
}

/**
 * A rollback costs two requests to look again and one for the patch; every other effect costs one. One more is made when
 * an Incident is opened about a rollout that changed labels, and one where its guard asks for logs.
 */
export function createLiveCluster(options: LiveClusterOptions): ClusterPort {
  const { client, caches, events, clock, observeOnly, onNoPolicies = () => undefined } = options;
  const see = (key: ReconcileKey) =>
    observe(caches, key, { observeOnly, currentSinceAt: options.currentSinceAt?.() });
  /** What an answer told is known at once, whenever the watch tells it too. */
  const learn = (resource: ResourceName, object: RawObject) =>
    caches.apply(resource, "MODIFIED", object, clock.now());
  const versionOf = (resource: ResourceName, namespace: string, name: string) => ({
    resourceVersion: caches.resourceVersionOf(resource, namespace, name),
  });

  return {
    observe: see,

    async lookAgain(key, purpose) {
      const before = see(key);
      if (!before?.workload) return undefined;
      const { namespace } = before.guard;
      const { workload } = before;
      const port = portOf(workload);
      const isOpening = purpose === "openIncident";
      const wantsPolicies = isOpening && asksForPolicies(before, clock.now());
      const log = isOpening ? chosenLog(before, clock.now()) : undefined;
      const [live, policies, lastWords] = await Promise.all([
        port.read(client, namespace, workload.name),
        wantsPolicies ? readPolicies(client, namespace, onNoPolicies) : undefined,
        log && readLastWords(client, namespace, log, caches.contents.fingerprintsOf(namespace, workload)),
      ]);
      learn(port.resource, live.workload);
      for (const source of live.sources) learn(port.revisionResource, source);
      // Meanwhile the guard may have been changed or deleted: that counts too.
      const now = see(key);
      return (
        now && {
          snapshot: withLive(now, live, {
            ...(policies && { network: networkOf(caches, now, policies) }),
            ...(lastWords && { lastWords }),
          }),
          rollBack: async (plan) => learn(port.resource, await rollBack(client, plan, live, clock.now())),
        }
      );
    },

    async openIncident({ namespace }, name, spec) {
      const incident = await createIncident(client, { namespace, name }, spec);
      learn("incidents", incident);
      // Opened by an earlier pass whose answer was lost, or unknown to the caches until now: what follows from it is another decision.
      if (asText(asObject(incident["spec"])["detectedAt"]) !== spec.detectedAt) {
        throw new ConflictError(`Incident ${namespace}/${name} was opened before`);
      }
    },

    async updateIncident({ namespace }, name, status) {
      const expected = versionOf("incidents", namespace, name);
      learn("incidents", await updateIncidentStatus(client, { namespace, name }, expected, status));
    },

    async deleteIncident({ namespace }, name) {
      const known = versionOf("incidents", namespace, name);
      await deleteIncident(client, { namespace, name });
      caches.apply("incidents", "DELETED", { metadata: { namespace, name, ...known } }, clock.now());
    },

    async updateGuardStatus({ namespace, name, uid }, status) {
      const expected = { uid, ...versionOf("rolloutguards", namespace, name) };
      learn("rolloutguards", await updateGuardStatus(client, { namespace, name }, expected, status));
    },

    async publishEvent(snapshot, event) {
      const subject = subjectOf(snapshot, event);
      if (subject) await events.publish(subject, event);
    },
  };
}

function subjectOf({ guard, workload }: Snapshot, { on }: EventToPublish): EventSubject | undefined {
  const { namespace } = guard;
  if (on === "RolloutGuard") return { kind: on, namespace, name: guard.name, uid: guard.uid };
  return workload && { kind: workload.kind, namespace, name: workload.name, uid: workload.uid };
}
