// The shape of a recording: what it shows apart from names, addresses, times and hashes.
import type { RecordedChange, RecordedLine } from "../recording.ts";
import { inOrderOfWrites } from "./changes.ts";
import { endpointsShape, sliceShape } from "./endpoint-shape.ts";
import { eventTexts } from "./event-shape.ts";
import { brokenOrder } from "./order-rules.ts";
import { deletedPodStates, newPodStates } from "./pod-shape.ts";
import {
  conditionSequences,
  deploymentAnnotations,
  lastCounts,
  replicaSetSequences,
} from "./workload-shape.ts";

export interface RecordingShape {
  /** What every run of the same rollout shows, real or simulated. */
  readonly always: {
    readonly newPods: readonly string[];
    readonly deletedPods: readonly string[];
    readonly progressing: readonly string[];
    readonly annotations: readonly string[];
    readonly replicaSets: readonly object[];
    readonly ports: readonly (readonly string[])[];
    readonly events: readonly string[];
    readonly counts: Readonly<Record<string, number>>;
    /** What came in an order in which it must not come. */
    readonly brokenOrder: readonly string[];
  };
  /** What depends on which of two pods was quicker, or whether two changes were seen as one. */
  readonly byChance: Readonly<Record<string, string>>;
}

/** The shape of what follows the n-th mark (from 0), up to the next mark or the end. */
export function shapeOf(lines: readonly RecordedLine[], markNumber = 0): RecordingShape {
  const marks = [...lines.entries()].filter(([, line]) => "mark" in line).map(([i]) => i);
  const start = marks[markNumber] ?? lines.length;
  const isChange = (line: RecordedLine): line is RecordedChange => "resource" in line;
  const before = inOrderOfWrites(lines.slice(0, start).filter(isChange));
  const after = inOrderOfWrites(lines.slice(start, marks[markNumber + 1]).filter(isChange));
  const { Progressing: progressing = [], ...conditions } = conditionSequences(after);
  const sets = replicaSetSequences(before, after);
  const slices = sliceShape(before, after);
  const endpoints = endpointsShape(before, after);
  return {
    always: {
      newPods: newPodStates(after),
      deletedPods: deletedPodStates(after),
      progressing,
      annotations: deploymentAnnotations(after),
      replicaSets: sets.map(({ wanted, annotations }) => ({ wanted, annotations })),
      ports: [slices.ports, endpoints.ports].map((ports) =>
        [...new Set(ports)].filter((text) => text !== ""),
      ),
      events: eventTexts(after),
      counts: lastCounts([...before, ...after]),
      brokenOrder: brokenOrder(before, after),
    },
    byChance: {
      conditions: JSON.stringify(conditions),
      ...Object.fromEntries(
        sets.flatMap(({ made, ready, available }, i) => [
          [`pods of ReplicaSet ${i}`, made],
          [`ready pods of ReplicaSet ${i}`, ready],
          [`available pods of ReplicaSet ${i}`, available],
        ]),
      ),
      "ready in slices": slices.ready,
      "not ready in slices": slices.notReady,
      "terminating in slices": slices.terminating,
      "ready in Endpoints": endpoints.ready,
      "not ready in Endpoints": endpoints.notReady,
    },
  };
}
