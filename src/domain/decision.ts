// What a decision is: data. Findings say what is wrong, a brake why nothing is done, effects what to do, wakeAt when to look again.
import type { IncidentSpec, IncidentStatus } from "../api/incident.ts";
import type { BrakeReason, FindingReason, Reason } from "../api/reasons.ts";
import type { GuardPhase, RolloutGuardStatus } from "../api/rollout-guard.ts";
import type { WorkloadKind } from "../api/workload-kind.ts";
import type { PodView } from "./snapshot/pod.ts";
import type { RevisionSource } from "./snapshot/revision.ts";

/** The checks, in the order in which their findings are told. */
export const CHECK_NAMES = [
  "configError",
  "imagePull",
  "crashLoop",
  "createFailed",
  "podRejected",
  "unschedulable",
  "emptyEndpoints",
  "degraded",
  "readiness",
  "progressDeadline",
] as const;
export type CheckName = (typeof CHECK_NAMES)[number];

/**
 * What a check says: nothing is wrong; something is, and counts if it is still so at `untilAt` (without
 * `untilAt`: if it happens again); the rollout fails.
 */
export type Finding =
  | { readonly check: CheckName; readonly verdict: "healthy" }
  | (Fault & {
      readonly check: CheckName;
      readonly verdict: "pending";
      readonly untilAt?: number | undefined;
    })
  | (Fault & { readonly check: CheckName; readonly verdict: "failing" });

export interface Fault {
  readonly reason: FindingReason;
  readonly message: string;
  /** Since when it is so (epoch ms). */
  readonly sinceAt: number;
  /** What the cluster showed, quoted. */
  readonly evidence: readonly string[];
  /** The pods that it is about, for those who ask why; undefined for one that is not about single pods. */
  readonly pods?: readonly PodView[] | undefined;
}

export type FailingFinding = Extract<Finding, { verdict: "failing" }>;

/** Why a right action may not be taken now. */
export interface Brake {
  readonly reason: BrakeReason;
  readonly message: string;
  /** When it may be released by itself (epoch ms). */
  readonly untilAt?: number | undefined;
}

/** A change of the cluster, as a value. `reconcile` runs effects in this order: intent first, then the act, then the telling. */
export type Effect =
  | { readonly type: "openIncident"; readonly name: string; readonly spec: AutomaticIncidentSpec }
  | { readonly type: "updateIncident"; readonly name: string; readonly status: IncidentStatus }
  | { readonly type: "rollBack"; readonly plan: RollbackPlan }
  | { readonly type: "updateGuardStatus"; readonly status: RolloutGuardStatus }
  | { readonly type: "publishEvent"; readonly event: EventToPublish }
  | { readonly type: "deleteIncident"; readonly name: string };

/** A guard opens an Incident only about what a check has found. */
export type AutomaticIncidentSpec = IncidentSpec & { readonly reason: FindingReason };

/** One rollback, in full: what must still be true of the workload, and what it is changed to. */
export interface RollbackPlan {
  readonly workload: {
    readonly kind: WorkloadKind;
    readonly name: string;
    readonly uid: string;
    readonly generation: number;
  };
  readonly from: { readonly hash: string; readonly revision: number };
  readonly to: { readonly hash: string; readonly revision: number; readonly source: RevisionSource };
  readonly incident: string;
}

export interface EventToPublish {
  readonly on: "Workload" | "RolloutGuard";
  readonly type: "Normal" | "Warning";
  readonly reason: Reason;
  readonly message: string;
}

/** What is to be done about one guard, and why. The same snapshot and time give the same decision. */
export interface Decision {
  readonly phase: GuardPhase;
  readonly reason: Reason;
  readonly message: string;
  readonly findings: readonly Finding[];
  readonly brake?: Brake | undefined;
  readonly effects: readonly Effect[];
  /** When to look again even if nothing changes (epoch ms). */
  readonly wakeAt?: number | undefined;
}
