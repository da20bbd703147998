// Events about pods that no node takes. What tells that a node is being added for them is Normal, and no cache holds it. Pure.
import type { Rollout } from "../rollout/rollout.ts";
import type { EventView } from "../snapshot/event.ts";
import type { PodView } from "../snapshot/pod.ts";
import type { PodEventsQuestion } from "../snapshot/question.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { answeredValue } from "./answered-value.ts";

/** Autoscalers decide in seconds and nodes come in minutes. */
const MAX_AGE_MS = 15_000;
/** Of very many pods the first that wait speak for the others; each costs a request. */
const MOST_PODS = 3;
const MOST_EVENTS = 30;

const KEY = { ask: "podEvents", key: "podEvents" } as const;

/** What somebody does for a pod on its way: cluster-autoscaler, Karpenter, scheduler, volume controllers, kubelet. */
const INFORMATIVE: ReadonlySet<string> = new Set([
  "TriggeredScaleUp",
  "NotTriggerScaleUp",
  "Nominated",
  "Scheduled",
  "WaitForFirstConsumer",
  "ExternalProvisioning",
  "Provisioning",
  "ProvisioningSucceeded",
  "SuccessfulAttachVolume",
  "Pulling",
  "Pulled",
]);

/** Asked while pods of the rollout are unschedulable. */
export function podEventsQuestion({ pods }: Rollout): PodEventsQuestion | undefined {
  const waiting = pods
    .filter(isUnschedulable)
    .sort((a, b) => a.scheduled.at - b.scheduled.at || (a.uid < b.uid ? -1 : 1))
    .slice(0, MOST_PODS)
    .map(({ name, uid }) => ({ name, uid }));
  return waiting.length === 0 ? undefined : { ...KEY, for: "decide", maxAgeMs: MAX_AGE_MS, pods: waiting };
}

function isUnschedulable({ scheduled }: PodView): boolean {
  return !scheduled.ok && scheduled.reason === "Unschedulable";
}

/** The Events that are worth an answer, newest first. Warnings are known without asking. */
export function informativeEvents(events: readonly EventView[]): readonly EventView[] {
  return events
    .filter(({ type, reason }) => type === "Normal" && INFORMATIVE.has(reason))
    .sort((a, b) => b.lastAt - a.lastAt)
    .slice(0, MOST_EVENTS);
}

/** Those of the answer that are about pods of the snapshot. */
export function answeredEvents({ answers, pods }: Pick<Snapshot, "answers" | "pods">): readonly EventView[] {
  const events = answeredValue({ answers }, KEY) ?? [];
  return events.filter(({ involved }) => pods.some(({ uid }) => uid === involved.uid));
}
