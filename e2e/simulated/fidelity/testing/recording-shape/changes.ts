// Helpers of the shapes: the recorded objects of one resource in the order of their writes, and texts without names.
import type { RecordedChange } from "../recording.ts";

/** In the order in which the API server took them: watches of several resources do not keep it among them. */
export function inOrderOfWrites(changes: readonly RecordedChange[]): RecordedChange[] {
  const revision = ({ object }: RecordedChange) => Number(object.metadata.resourceVersion);
  return [...changes].sort((a, b) => revision(a) - revision(b));
}

export function ofResource<Kind>(changes: readonly RecordedChange[], resource: string): Kind[] {
  return changes
    .filter((change) => change.resource === resource)
    .map(({ object }) => object as unknown as Kind);
}

export function withoutRepetition(texts: readonly string[]): string[] {
  return texts.filter((text, i) => text !== texts[i - 1]);
}

/** How much of a sequence is compared: crash loops go on and on, and drift apart. */
const MAX_STEPS = 8;

/** A sequence of counts in steps of one: whether two changes were written as one is chance. */
export function stepByStep(counts: readonly number[]): string {
  const steps: number[] = [];
  for (const count of counts) {
    let last = steps.at(-1) ?? count;
    if (steps.length === 0) steps.push(count);
    while (last !== count) {
      last += Math.sign(count - last);
      steps.push(last);
    }
  }
  return steps.slice(0, MAX_STEPS).join(" ");
}

/** Leaves out what differs from run to run. */
export function withoutNames(text: string): string {
  return text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "UID")
    .replace(/\d+\.\d+\.\d+\.\d+/g, "ADDRESS")
    .replace(/-[bcdf0-9]{7,10}(-[a-z0-9]{5})?\b/g, "-HASH")
    .replace(/-[bcdfghjklmnpqrstvwxz2456789]{7,10}(-[a-z0-9]{5})?(?=["_\s]|$)/g, "-HASH")
    .replace(/-HASH-[a-z0-9]{5}(?=[_\s]|$)/g, "-HASH")
    .replace(/\bnode-?1$/, "NODE")
    .replace("(combined from similar events): ", "");
}
