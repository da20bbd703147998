// docs/reference/events.md: every Kubernetes Event that RolloutGuard publishes.
import type * as EVENTS from "../../../src/domain/notices/events.ts";
import type { GeneratedFile } from "../generated-file.ts";
import { code, pageHead, table } from "../markdown.ts";

interface EventRow {
  readonly on: "Workload" | "RolloutGuard";
  readonly type: "Normal" | "Warning";
  /** The reason, where it is always the same; else which reasons there are, as Markdown. */
  readonly reason: string | { readonly oneOf: string };
  readonly when: string;
}

/** For each function that makes an Event, what it makes. */
type PublishedEvents = Readonly<Record<keyof typeof EVENTS, EventRow>>;

const FINDINGS = { oneOf: "a [reason of a finding](../reasons/index.md), such as `NotReady`" };
const BRAKES = { oneOf: "a [brake](../concepts/brakes.md), such as `Cooldown`" };

export const PUBLISHED_EVENTS: PublishedEvents = {
  rolledBack: { on: "Workload", type: "Warning", reason: "RollingBack", when: "A rollback was sent." },
  workloadHeld: {
    on: "Workload",
    type: "Warning",
    reason: FINDINGS,
    when: "A rollout fails, and a brake applies.",
  },
  guardHeld: {
    on: "RolloutGuard",
    type: "Warning",
    reason: BRAKES,
    when: "A rollout fails, and a brake applies.",
  },
  workloadNotRecovered: {
    on: "Workload",
    type: "Warning",
    reason: "NotRecovered",
    when: "Service did not come back after a rollback.",
  },
  guardNotRecovered: {
    on: "RolloutGuard",
    type: "Warning",
    reason: "NotRecovered",
    when: "Service did not come back after a rollback.",
  },
  guardRefused: {
    on: "RolloutGuard",
    type: "Warning",
    reason: "Refused",
    when: "The API server refuses what RolloutGuard has to write.",
  },
  guardCannotWork: {
    on: "RolloutGuard",
    type: "Warning",
    reason: { oneOf: "why the guard is not `Ready`, such as `TargetNotFound`" },
    when: "The guard cannot do its work.",
  },
  rolloutFrozen: {
    on: "Workload",
    type: "Warning",
    reason: "Frozen",
    when: "RolloutGuard paused a suspicious rollout. The message says until when at the latest, and how to continue it or to roll it back now.",
  },
  rolloutResumed: {
    on: "Workload",
    type: "Normal",
    reason: "Resumed",
    when: "RolloutGuard resumed a rollout that it had paused.",
  },
  revisionGood: {
    on: "RolloutGuard",
    type: "Normal",
    reason: "RolloutGood",
    when: "The running revision became good.",
  },
  vetoSet: { on: "Workload", type: "Normal", reason: "Veto", when: "A person set a veto." },
  vetoRemoved: { on: "Workload", type: "Normal", reason: "Veto", when: "A person removed a veto." },
};

export function generateEventsPage(): GeneratedFile {
  const rows = Object.values(PUBLISHED_EVENTS).map(({ on, type, reason, when }) => [
    on === "Workload" ? "the Deployment" : "the guard",
    type,
    typeof reason === "string" ? code(reason) : reason.oneOf,
    when,
  ]);
  const text = `${pageHead("Events", "src/domain/notices/events.ts")}
RolloutGuard publishes Kubernetes Events on Deployments and guards. The message of an Event about a failing rollout names the failure,
its cause, and the Incident.

${table(["On", "Type", "Reason", "When"], rows)}

\`\`\`sh
kubectl events -n shop --for deployment/checkout
kubectl get events -n shop --field-selector involvedObject.kind=RolloutGuard
\`\`\`

Events expire, after an hour by default. The Incident keeps what happened.
`;
  return { path: "docs/reference/events.md", text };
}
