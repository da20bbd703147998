// The Events of a rollout: of whom, about what, in which words, and about how many objects.
import type { CoreEvent } from "@rolloutguard/simulated-cluster/objects";
import type { RecordedChange } from "../recording.ts";
import { ofResource, withoutNames } from "./changes.ts";

/** New Events without names, sorted, each with the number of objects that it is about. */
export function eventTexts(changes: readonly RecordedChange[]): string[] {
  // Another occurrence of an Event that is there already may fall in any window.
  const added = changes.filter(({ type }) => type === "ADDED");
  const about = new Map<string, Set<string>>();
  for (const event of ofResource<CoreEvent>(added, "events")) {
    const text = eventText(event);
    about.set(text, (about.get(text) ?? new Set()).add(event.involvedObject.uid));
  }
  return [...about].map(([text, uids]) => `${text} (${uids.size})`).sort();
}

function eventText({ type, reason, message, source, reportingComponent, involvedObject }: CoreEvent): string {
  const component = source.component || reportingComponent;
  const { kind, fieldPath = "" } = involvedObject;
  // Counts of a scaling depend on which pod was ready first.
  const text = withoutNames(message).replace(/ from \d+ to \d+$/, "");
  return `${type} ${reason} (${component}, ${kind} ${fieldPath}): ${text}`;
}
