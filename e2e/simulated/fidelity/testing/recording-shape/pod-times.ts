// How long pods took from one visible step of their life to the next, as a watcher saw it.
import type { Pod } from "@rolloutguard/simulated-cluster/objects";
import type { RecordedChange, RecordedLine } from "../recording.ts";

/** Samples in ms. */
export interface PodTimes {
  /** From the binding to the kubelet's first status. */
  readonly firstStatus: number[];
  /** From there to the sandbox. */
  readonly sandbox: number[];
  /** From there to the running container. */
  readonly running: number[];
  /** From the deletion to the end of containers that ran. */
  readonly ended: number[];
  /** From there to the removal of the object. */
  readonly removed: number[];
  /** The last two of pods whose containers never ran. */
  readonly endedUnstarted: number[];
  readonly removedUnstarted: number[];
}

type Step = "added" | "bound" | "status" | "sandbox" | "running" | "deleted" | "ended" | "gone";

export function podTimes(recordings: readonly (readonly RecordedLine[])[]): PodTimes {
  const lives = recordings.flatMap(livesOf);
  const between = (from: Step, to: Step, which: (life: ReadonlyMap<Step, number>) => boolean): number[] =>
    lives.filter(which).flatMap((life) => {
      const [start, end] = [life.get(from), life.get(to)];
      return start === undefined || end === undefined ? [] : [Math.round((end - start) * 1_000)];
    });
  const isNew = (life: ReadonlyMap<Step, number>) => life.has("added");
  const hasRun = (life: ReadonlyMap<Step, number>) => life.has("running");
  const hasNotRun = (life: ReadonlyMap<Step, number>) => !life.has("running");
  return {
    firstStatus: between("bound", "status", isNew),
    sandbox: between("status", "sandbox", isNew),
    running: between("sandbox", "running", isNew),
    ended: between("deleted", "ended", hasRun),
    removed: between("ended", "gone", hasRun),
    endedUnstarted: between("deleted", "ended", hasNotRun),
    removedUnstarted: between("ended", "gone", hasNotRun),
  };
}

/** When each pod was first seen in each step, in seconds. */
function livesOf(lines: readonly RecordedLine[]): Map<Step, number>[] {
  const lives = new Map<string, Map<Step, number>>();
  for (const line of lines) {
    if (!("resource" in line) || line.resource !== "pods") continue;
    const { uid } = line.object.metadata;
    const life = lives.get(uid) ?? new Map<Step, number>();
    lives.set(uid, life);
    for (const step of stepsOf(line)) if (!life.has(step)) life.set(step, line.t);
  }
  return [...lives.values()];
}

function stepsOf({ type, object }: RecordedChange): Step[] {
  const { metadata, spec, status } = object as Pod;
  const isDeleted = metadata.deletionTimestamp !== undefined;
  const holds: Readonly<Record<Step, boolean>> = {
    added: type === "ADDED",
    bound: spec.nodeName !== undefined,
    status: status.startTime !== undefined,
    sandbox: status.conditions?.some(isSandboxed) === true,
    running: status.containerStatuses?.some(({ state }) => state.running !== undefined) === true,
    deleted: isDeleted,
    ended: isDeleted && (status.phase === "Failed" || status.phase === "Succeeded"),
    gone: type === "DELETED",
  };
  return (Object.keys(holds) as Step[]).filter((step) => holds[step]);
}

function isSandboxed({ type, status }: { type: string; status: string }): boolean {
  return type === "PodReadyToStartContainers" && status === "True";
}

/** The smallest, the deciles and the largest of the samples, to the ms. */
export function deciles(samples: readonly number[]): number[] {
  const sorted = [...samples].sort((a, b) => a - b);
  return Array.from({ length: 11 }, (_, i) => {
    const place = ((sorted.length - 1) * i) / 10;
    const [low = 0, high = low] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
    return Math.round(low + (high - low) * (place - Math.floor(place)));
  });
}
