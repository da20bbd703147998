// What is told of one guard, as data: texts, pages and tables are made of it, and -o json and yaml show it.
import type { CauseClass } from "../api/causes.ts";
import type { IncidentPhase } from "../api/incident.ts";
import type { Reason } from "../api/reasons.ts";
import type { RevisionReference } from "../api/revision-reference.ts";
import type { CheckStateEntry, GuardPhase, RolloutGuardSpec } from "../api/rollout-guard.ts";
import type { Brake } from "../domain/decision.ts";

export interface GuardReport {
  readonly namespace: string;
  readonly name: string;
  /** The Deployment; empty when the guard does not say. */
  readonly target: string;
  readonly mode?: RolloutGuardSpec["mode"] | undefined;
  /** When this was seen, RFC 3339; all spans count until then. */
  readonly seenAt: string;
  readonly phase: GuardPhase;
  readonly reason: Reason;
  readonly message: string;
  /** What the operator has said last; it says nothing until it has seen the guard. */
  readonly reported: { readonly phase?: GuardPhase | undefined; readonly since?: string | undefined };
  /** The operator would have something to do or to say that it has neither done nor said. */
  readonly isUnreported: boolean;
  readonly running?:
    | (RevisionReference & { readonly since: string; readonly completedAt?: string | undefined })
    | undefined;
  readonly replicas?:
    | {
        readonly desired: number;
        readonly updated: number;
        readonly available: number;
        readonly ready: number;
      }
    | undefined;
  /** What a rollback would restore; of a good revision that runs, that one. */
  readonly good?: RevisionReference | undefined;
  readonly revisions: readonly RevisionReport[];
  readonly services: readonly ServiceReport[];
  /** What fails or may yet, the most serious first. */
  readonly findings: readonly FindingReport[];
  /** What checks cannot tell, and why; it neither fails a rollout nor keeps a revision from becoming good. */
  readonly unknown: readonly UnknownReport[];
  /** How its metric and HTTP checks stand, as the operator has said last; absent where it has none. */
  readonly checks?: readonly CheckStateEntry[] | undefined;
  readonly brake?:
    | { readonly reason: Brake["reason"]; readonly message: string; readonly until?: string | undefined }
    | undefined;
  /** When it is looked at again if nothing changes. */
  readonly nextCheckAt?: string | undefined;
  /** What would let a bad release pass, or keep it from being undone, while all is well. */
  readonly risks: readonly string[];
  readonly openIncident?: string | undefined;
  readonly lastIncident?: IncidentReport | undefined;
}

export interface RevisionReport extends RevisionReference {
  readonly verdict: "good" | "bad" | "unknown";
  /** Why: "was complete once", or the Incident that condemns it. */
  readonly because?: string | undefined;
  readonly since?: string | undefined;
  readonly pods: number;
  readonly readyPods: number;
}

export interface ServiceReport {
  readonly name: string;
  readonly readyEndpoints: number;
}

export interface FindingReport {
  readonly check: string;
  readonly verdict: "pending" | "failing";
  readonly reason: string;
  readonly message: string;
  readonly since: string;
  /** When it counts as a failure if it stays so; undefined: when it happens again. */
  readonly until?: string | undefined;
  /** Since when cannot be told from one look: since now, or longer. */
  readonly isFirstSeen?: boolean | undefined;
}

export interface UnknownReport {
  readonly check: string;
  readonly message: string;
}

export interface IncidentReport {
  readonly name: string;
  readonly phase: IncidentPhase;
  readonly reason: string;
  readonly cause?: CauseClass | undefined;
  readonly detectedAt: string;
}
