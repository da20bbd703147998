// Incidents for scenes.

import type { IncidentSpec, IncidentStatus } from "../../api/incident.ts";
import type { IncidentStep } from "../../api/incident-step.ts";
import type { FindingReason } from "../../api/reasons.ts";
import type { AutomaticIncidentSpec } from "../effects/effect.ts";
import { templateMark } from "../history/incident-roles.ts";
import { referenceTo } from "../history/revisions.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import { GOOD, NEW } from "./a-revision.ts";
import { later, seconds, T0, written } from "./instants.ts";

interface IncidentFacts {
  readonly of?: RevisionView;
  readonly restoring?: RevisionView | undefined;
  readonly name?: string;
  readonly detectedAt?: number;
  readonly action?: IncidentSpec["action"];
  readonly reason?: FindingReason;
  /** A person asked for it. */
  readonly kind?: IncidentSpec["kind"];
  readonly phase?: IncidentStatus["phase"];
  readonly brake?: IncidentStatus["brake"];
  /** When its rollback was sent. */
  readonly sentAt?: number;
  /** The Deployment's generation that the rollback produced. */
  readonly generation?: number;
  /** The identity of the template that admission made of the restored one. */
  readonly template?: string;
  /** When something was last told of it. */
  readonly notedAt?: number;
  readonly message?: string;
  /** The Service that it found without endpoints. */
  readonly emptyService?: string;
}

/** An Incident about the new revision, detected half a minute into its rollout; without phase it has no status yet. */
export function anIncident(
  facts: IncidentFacts = {},
): IncidentView & { readonly spec: AutomaticIncidentSpec } {
  const { of: failed = NEW, detectedAt = later(seconds(30)), reason = "CrashLooping" } = facts;
  const restored = "restoring" in facts ? facts.restoring : GOOD;
  const message = "3 of 3 pods: container app exits with code 1 again and again (restarted 2 times)";
  const name = facts.name ?? failed.source.name;
  const spec: AutomaticIncidentSpec = {
    ...(facts.kind && { kind: facts.kind }),
    guard: { name: "checkout", uid: "uid-of-guard" },
    target: { kind: "Deployment", name: "checkout", uid: "uid-of-deployment" },
    failedRevision: referenceTo(failed),
    ...(restored && { restoreRevision: referenceTo(restored) }),
    action: facts.action ?? (facts.phase === "Held" ? "None" : "Undo"),
    reason,
    message,
    findings: facts.emptyService === undefined ? [] : [foundEmpty(facts.emptyService, detectedAt)],
    rolloutStartedAt: written(T0),
    detectedAt: written(detectedAt),
  };
  const status = facts.phase && statusOf(facts, facts.phase, failed, restored);
  return { name, uid: `uid-of-incident-${name}`, spec, ...(status && { status }) };
}

function foundEmpty(service: string, at: number): IncidentSpec["findings"][number] {
  return {
    check: "emptyEndpoints",
    reason: "EmptyEndpoints",
    message: `3 of 3 pods are ready, and Service ${service} has no endpoint`,
    since: written(at),
    evidence: [`Service ${service}: 0 ready endpoints, selector app=checkout,tier=backend`],
  };
}

function statusOf(
  { sentAt, generation, template, notedAt, brake, message }: IncidentFacts,
  phase: IncidentStatus["phase"],
  failed: RevisionView,
  restored: RevisionView | undefined,
): IncidentStatus {
  return {
    phase,
    message: message ?? `It is ${phase}.`,
    ...(brake && { brake }),
    timeline: notedAt === undefined ? [] : [{ at: written(notedAt), what: phase, message: "" }],
    ...(sentAt !== undefined &&
      restored && {
        steps: [
          {
            ...anUndo(sentAt, failed, restored),
            ...(generation && { generation }),
            ...(template && { template: templateMark(template) }),
          },
        ],
      }),
  };
}

/** The step that undoes a revision of `checkout`, sent then. */
export function anUndo(sentAt: number, failed = NEW, restored = GOOD): IncidentStep {
  return {
    action: "Undo",
    object: { kind: "Deployment", name: "checkout" },
    from: failed.hash,
    to: restored.hash,
    startedAt: written(sentAt),
  };
}
