// Whose last words an Incident quotes: the container of the failing pods whose end tells most. Pure.
import type { LastWords } from "../../api/incident.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { ContainerView, PodView, TerminatedState } from "../snapshot/pod.ts";
import type { PodLogQuestion } from "../snapshot/question.ts";
import { answeredValue } from "./answered-value.ts";

const KEY = { ask: "podLog", key: "podLog" } as const;

/**
 * Asked where the guard wants logs in its Incidents. Undefined, too, when none of the pods that fail has run anything
 * yet.
 */
export function podLogQuestion(
  rollout: Rollout,
  failingPods: readonly PodView[] | undefined,
): PodLogQuestion | undefined {
  return wantsLogs(rollout) ? mostInformative(failingPods ?? rollout.pods) : undefined;
}

/** What a new Incident records of them: nothing unless the guard asks for logs. */
export function recordedLastWords(rollout: Rollout): LastWords | undefined {
  if (!wantsLogs(rollout)) return undefined;
  return (
    answeredValue(rollout.snapshot, KEY) ?? {
      lines: [],
      missing: "No container of the failing pods has run, so there are no logs.",
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

function mostInformative(pods: readonly PodView[]): PodLogQuestion | undefined {
  const [first] = pods
    .flatMap((pod) =>
      pod.containers.map((container): Candidate => ({ pod, container, end: endOf(container) })),
    )
    .filter(({ container, end }) => container.state.is === "running" || end !== undefined)
    .sort((a, b) => weight(b) - weight(a) || (b.end?.finishedAt ?? 0) - (a.end?.finishedAt ?? 0));
  if (!first) return undefined;
  const { pod, container } = first;
  return {
    ...KEY,
    for: "record",
    maxAgeMs: 0,
    pod: pod.name,
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
