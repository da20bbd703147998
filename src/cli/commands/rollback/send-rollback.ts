// A rollback by hand, sent as the guard sends its own: a live read, the Incident that says what is meant, the guarded patch.

import type { IncidentSpec } from "../../../api/incident.ts";
import { restoreTemplate } from "../../../domain/actions/undo.ts";
import { decide } from "../../../domain/decide.ts";
import type { RestoreTemplate } from "../../../domain/effects/change.ts";
import { manualIncidentSpec } from "../../../domain/incidents/by-hand.ts";
import { incidentName } from "../../../domain/incidents/incident-name.ts";
import { withTransition } from "../../../domain/incidents/incident-status.ts";
import { type Rollout, rolloutOf } from "../../../domain/rollout/rollout.ts";
import type { Snapshot } from "../../../domain/snapshot/snapshot.ts";
import { ApiError, ConflictError, ConnectionError } from "../../../kube/connection/api-error.ts";
import type { JsonPatchOperation } from "../../../kube/json-patch.ts";
import { asObject, asText, metaOf, type RawObject } from "../../../kube/objects.ts";
import { withLive } from "../../../kube/observe.ts";
import { resourcePath } from "../../../kube/resources.ts";
import { whoAmI } from "../../../kube/who-am-i.ts";
import { portOf } from "../../../kube/workloads/ports-by-kind.ts";
import type { LiveWorkload } from "../../../kube/workloads/workload-port.ts";
import { createIncident, updateIncidentStatus } from "../../../kube/writes/incident-writes.ts";
import { rollBack, rollbackOperations } from "../../../kube/writes/roll-back.ts";
import type { ClusterAccess } from "../../cluster/cluster-access.ts";
import type { WatchedDeployment } from "../../cluster/watched-deployment.ts";
import { CommandError, EXIT_CODES } from "../../exit-codes.ts";
import { type ManualPlan, planRollback } from "./rollback-plan.ts";

export interface SentRollback {
  readonly incident: string;
  /** When the patch went out (epoch ms). */
  readonly at: number;
}

/** What was just read, and what would be sent on it. */
interface Prepared {
  readonly live: LiveWorkload;
  readonly rollout: Rollout;
  readonly change: RestoreTemplate;
  readonly now: number;
}

/**
 * Sends what was planned, when that is still what the cluster would make of it. Rejects with CommandError when something
 * else came in between, in which case nothing was changed; with ApiError where a right is missing.
 */
export async function sendRollback(
  access: ClusterAccess,
  deployment: WatchedDeployment,
  planned: ManualPlan,
  why: string | undefined,
): Promise<SentRollback> {
  const { client, namespace } = access;
  const user = await whoAmI(client);
  const { live, rollout, change, now } = await prepare(access, deployment, planned);
  const { findings } = decide(rollout.snapshot, now);
  const isGuarded = deployment.look()?.guard.isReal === true;
  const spec = manualIncidentSpec(rollout, { to: planned.to, user, why, isGuarded }, findings, now);
  const incident = await open(access, change.incident, spec);
  deployment.caches.apply("incidents", "ADDED", incident, now);
  try {
    const changed = await rollBack(client, change, live, now);
    deployment.caches.apply(portOf(live).resource, "MODIFIED", changed, access.clock.now());
  } catch (error) {
    // Whether it arrived the Deployment itself will tell.
    if (error instanceof ConnectionError) return { incident: change.incident, at: now };
    if (error instanceof ConflictError && (await isSentByAnother(access, deployment, change.incident))) {
      throw overtaken(
        `another user has just rolled it back, as Incident ${change.incident}; your rollback was not sent`,
        error,
      );
    }
    await close(access, incident, rollout.snapshot, spec, deployment);
    if (!(error instanceof ConflictError)) throw error;
    throw overtaken(
      `${error.message}; nothing was rolled back. Check the Deployment before you try again.`,
      error,
    );
  }
  return { incident: change.incident, at: now };

  async function open({ clock }: ClusterAccess, name: string, facts: IncidentSpec): Promise<RawObject> {
    const opened = await createIncident(client, { namespace, name }, facts);
    const there = asObject(opened.spec);
    if (asText(there.detectedAt) === facts.detectedAt) return opened;
    deployment.caches.apply("incidents", "ADDED", opened, clock.now());
    const who = asText(there.kind) === "Manual" ? asText(there.requestedBy, "another user") : "the guard";
    throw overtaken(`${who} has just opened Incident ${name} for this rollout; your rollback was not sent`);
  }
}

/** What would be sent, tried on the API server without effect: admission has its word too. Rejects as `sendRollback` does. */
export async function tryRollback(
  access: ClusterAccess,
  deployment: WatchedDeployment,
  planned: ManualPlan,
): Promise<void> {
  const { live, change, now } = await prepare(access, deployment, planned);
  const { resource } = portOf(live);
  const path = resourcePath(resource, access.namespace, change.on.name);
  await access.client.jsonPatch(`${path}?dryRun=All`, operationsOf(change, live, now));
}

function operationsOf(change: RestoreTemplate, live: LiveWorkload, now: number): JsonPatchOperation[] {
  try {
    return rollbackOperations(change, live, now);
  } catch (error) {
    if (error instanceof ConflictError) throw overtaken(error.message, error);
    throw error;
  }
}

async function prepare(
  { client, namespace, clock }: ClusterAccess,
  deployment: WatchedDeployment,
  planned: ManualPlan,
): Promise<Prepared> {
  const before = deployment.look();
  if (!before) throw new CommandError("the Deployment is gone", EXIT_CODES.notFound);
  const live = await portOf(before.workload)
    .read(client, namespace, before.workload.name)
    .catch((error: unknown) => {
      if (!(error instanceof ConflictError)) throw error;
      throw new CommandError(error.message, EXIT_CODES.notFound, { cause: error });
    });
  const look = deployment.look() ?? before;
  const now = clock.now();
  const snapshot = withLive(look.snapshot, live);
  const rollout = rolloutOf(snapshot, now);
  if (rollout?.revision.hash !== planned.from.hash) {
    const there = rollout ? `revision ${rollout.revision.revision}` : "another template";
    throw overtaken(
      `the Deployment is at ${there} now, not at revision ${planned.from.revision}; nothing was rolled back. Check the Deployment before you try again.`,
    );
  }
  const to = snapshot.revisions.find(({ hash }) => hash === planned.to.hash);
  if (!to) throw overtaken(`revision ${planned.to.revision} is gone; nothing was rolled back`);
  // Somebody may have paused it, or put a veto on it, while the person was asked.
  planRollback(rollout, to.revision);
  return {
    live,
    rollout,
    change: restoreTemplate(rollout, to, incidentName(snapshot, rollout.revision)),
    now,
  };
}

/**
 * Whether the Deployment was rolled back for this very Incident. Two commands within a second open one Incident and cannot
 * tell whose it is; the one that comes too late must not end it.
 */
async function isSentByAnother(
  { client, namespace }: ClusterAccess,
  deployment: WatchedDeployment,
  incident: string,
): Promise<boolean> {
  const before = deployment.look();
  if (!before) return false;
  try {
    const live = await portOf(before.workload).read(client, namespace, before.workload.name);
    return withLive(before.snapshot, live).workload?.rolledBack?.incident === incident;
  } catch (error) {
    // Then an operator ends it, if nobody has rolled back.
    if (error instanceof ApiError || error instanceof ConflictError || error instanceof ConnectionError)
      return true;
    throw error;
  }
}

/** Ends the Incident of a rollback that was not sent; where that right is missing an operator ends it after a while. */
async function close(
  { client, clock, namespace }: ClusterAccess,
  incident: RawObject,
  snapshot: Snapshot,
  spec: IncidentSpec,
  { caches }: WatchedDeployment,
): Promise<void> {
  const { name, uid } = metaOf(incident);
  const message = "The rollback was not sent: the API server refused it.";
  const status = withTransition({ spec }, snapshot, "Superseded", message, clock.now());
  try {
    const ended = await updateIncidentStatus(client, { namespace, name }, { uid }, status);
    caches.apply("incidents", "MODIFIED", ended, clock.now());
  } catch (error) {
    if (!(error instanceof ApiError || error instanceof ConflictError)) throw error;
  }
}

function overtaken(message: string, cause?: unknown): CommandError {
  return new CommandError(message, EXIT_CODES.overtaken, cause === undefined ? undefined : { cause });
}
