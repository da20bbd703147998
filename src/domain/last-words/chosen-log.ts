// Whose last words an Incident quotes: the container of the failing pods whose end tells most. Pure.
import type { LastWords } from "../../api/incident.ts";
import { runChecks } from "../checks/ordered-checks.ts";
import { type Rollout, rolloutOf } from "../rollout/rollout.ts";
import type { ContainerView, PodView, TerminatedState } from "../snapshot/pod.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

/** A log that a kubelet keeps. */
export interface LogReference {
  readonly pod: string;
  /** The `id` of its revision. */
  readonly revisionId: string;
  readonly container: string;
  /** The container was restarted since; what runs now is another one. */
  readonly previous: boolean;
}

/**
 * The log to read before an Incident is opened. Undefined when the guard does not ask for logs, nothing fails, or
 * none of the pods that fail has run anything yet.
 */
export function chosenLog(snapshot: Snapshot, now: number): LogReference | undefined {
  const rollout = rolloutOf(snapshot, now);
  if (!rollout || !wantsLogs(rollout)) return undefined;
  const headline = runChecks(rollout, now).find(({ verdict }) => verdict === "failing");
  if (!headline || !("reason" in headline)) return undefined;
  return mostTelling(headline.pods ?? rollout.pods);
}

/** What a new Incident records of them: nothing unless the guard asks for logs. */
export function recordedLastWords(rollout: Rollout): LastWords | undefined {
  if (!wantsLogs(rollout)) return undefined;
  return (
    rollout.snapshot.lastWords ?? {
      lines: [],
      missing: "No container of the pods that fail has run, so none has written anything.",
    }
  );
}

function wantsLogs({ policy }: Rollout): boolean {
  return policy.spec.evidence.logs;
}

interface Candidate {
  readonly pod: PodView;
  readonly container: ContainerView;
  readonly end: TerminatedState | undefined;
}

function mostTelling(pods: readonly PodView[]): LogReference | undefined {
  const [first] = pods
    .flatMap((pod) =>
      pod.containers.map((container): Candidate => ({ pod, container, end: endOf(container) })),
    )
    .filter(({ container, end }) => container.state.is === "running" || end !== undefined)
    .sort((a, b) => weight(b) - weight(a) || (b.end?.finishedAt ?? 0) - (a.end?.finishedAt ?? 0));
  if (!first) return undefined;
  const { pod, container } = first;
  return {
    pod: pod.name,
    revisionId: pod.revisionId,
    container: container.name,
    // Of a container that has ended and was not restarted yet the kubelet has removed the one before already.
    previous: container.state.is !== "terminated" && container.last !== undefined,
  };
}

/** Failed before unready before well; of those that are done nothing is to be learnt. */
function weight({ container, end }: Candidate): number {
  if (end && end.exitCode !== 0) return 3;
  if (container.state.is === "terminated" && container.kind === "init") return 0;
  return container.isReady ? 1 : 2;
}

/** How it ended last. What the runtime could not start, or the node has lost, has written nothing that is left. */
function endOf({ state, last }: ContainerView): TerminatedState | undefined {
  const end = state.is === "terminated" ? state : last;
  return end && !NOTHING_LEFT.has(end.reason) ? end : undefined;
}

const NOTHING_LEFT: ReadonlySet<string> = new Set([
  "StartError",
  "ContainerCannotRun",
  "ContainerStatusUnknown",
]);
