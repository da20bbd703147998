// The Kubernetes Events that RolloutGuard publishes, a constructor for each: on which object, of which type, with which
// reason and words. When one is published is decided where it is used. Pure.
import type { IncidentSpec } from "../../api/incident.ts";
import type { Reason } from "../../api/reasons.ts";
import type { WorkloadKind } from "../../api/workload-kind.ts";
import type { Brake } from "../decision.ts";
import type { EventToPublish } from "../effects/effect.ts";
import { nameRevision } from "../history/revisions.ts";
import { kubectlName } from "../workload/kubectl-name.ts";
import { failureSentence } from "./failure-sentence.ts";

/** An Incident that has a name already, or gets it in the same pass. */
export interface NamedIncident {
  readonly name: string;
  readonly spec: IncidentSpec;
}

/** The rollout fails, and a brake keeps it from being rolled back. On the workload with what fails. */
export function workloadHeld(incident: NamedIncident, brake: Pick<Brake, "message">): EventToPublish {
  return { on: "Workload", type: "Warning", reason: incident.spec.reason, message: held(incident, brake) };
}

/** The same on the guard, with the brake. */
export function guardHeld(incident: NamedIncident, brake: Pick<Brake, "reason" | "message">): EventToPublish {
  return { on: "RolloutGuard", type: "Warning", reason: brake.reason, message: held(incident, brake) };
}

function held(incident: NamedIncident, { message }: Pick<Brake, "message">): string {
  return about(incident, `${failureSentence(incident.spec)} No rollback: ${message}`);
}

/** The rollback was sent. */
export function rolledBack(
  incident: NamedIncident,
  to: { readonly revision: number; readonly hash: string },
): EventToPublish {
  const message = `${failureSentence(incident.spec)} Rolled back to ${nameRevision(to)}`;
  return { on: "Workload", type: "Warning", reason: "RollingBack", message: about(incident, message) };
}

/** The API server refuses what the guard has to write about a failing rollout. `why` says what, and its answer. */
export function guardRefused(why: string): EventToPublish {
  return {
    on: "RolloutGuard",
    type: "Warning",
    reason: "Refused",
    message: `The API server refused the request: ${why}`,
  };
}

/** The restored revision does not serve either; `message` says why not. */
export function workloadNotRecovered(incident: Pick<NamedIncident, "name">, message: string): EventToPublish {
  return { on: "Workload", type: "Warning", reason: "NotRecovered", message: about(incident, message) };
}

/** The same on the guard. */
export function guardNotRecovered(incident: Pick<NamedIncident, "name">, message: string): EventToPublish {
  return { ...workloadNotRecovered(incident, message), on: "RolloutGuard" };
}

/** What an Event about a rollout names. */
interface NamedRollout {
  readonly workload: { readonly kind: WorkloadKind; readonly name: string };
  readonly revision: { readonly revision: number; readonly hash: string };
  readonly snapshot: { readonly guard: { readonly namespace: string } };
}

/** RolloutGuard paused a suspicious rollout. kubectl refuses to undo a paused Deployment, so it says how to go on or back. */
export function rolloutFrozen({ workload, snapshot }: NamedRollout, what: string): EventToPublish {
  const { namespace } = snapshot.guard;
  return {
    on: "Workload",
    type: "Warning",
    reason: "Frozen",
    message: `${what} To continue it now: kubectl rollout resume ${kubectlName(workload)} -n ${namespace}. To roll back now: kubectl rolloutguard rollback ${workload.name} -n ${namespace}`,
  };
}

/** RolloutGuard resumes a rollout that it had paused. */
export function rolloutResumed({ revision }: NamedRollout): EventToPublish {
  const message = `RolloutGuard resumes the rollout of ${nameRevision(revision)}.`;
  return { on: "Workload", type: "Normal", reason: "Resumed", message };
}

/** A revision has become good. */
export function revisionGood(reason: Reason, message: string): EventToPublish {
  return { on: "RolloutGuard", type: "Normal", reason, message };
}

/** The guard cannot work, and why. */
export function guardCannotWork(reason: Reason, message: string): EventToPublish {
  return { on: "RolloutGuard", type: "Warning", reason, message };
}

/** A person keeps the workload from being rolled back. */
export function vetoSet(who: string, why: string): EventToPublish {
  return veto(`${who} set a veto on rollbacks: ${why}`);
}

/** A person took the veto back; `former` is the reason that it had. */
export function vetoRemoved(who: string, former: string): EventToPublish {
  return veto(`${who} removed the veto on rollbacks (reason: ${former}).`);
}

function veto(message: string): EventToPublish {
  return { on: "Workload", type: "Normal", reason: "Veto", message };
}

function about({ name }: Pick<NamedIncident, "name">, message: string): string {
  return `${message} (Incident ${name})`;
}
