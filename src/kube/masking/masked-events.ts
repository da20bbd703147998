// Events without the values that the pods get: whose values they are is known only where Events and templates meet.
import type { EventView } from "../../domain/snapshot/event.ts";
import { type Fingerprint, withoutValues } from "./fingerprints.ts";

interface MaskedEvent {
  readonly fingerprints: string;
  readonly event: EventView;
}

/** An Event is searched once for the same fingerprints, and forgotten with the Event. */
const known = new WeakMap<EventView, MaskedEvent>();

/** The Events, each as it may be shown. */
export function maskedEvents(
  events: readonly EventView[],
  fingerprints: readonly Fingerprint[],
): readonly EventView[] {
  if (fingerprints.length === 0) return events;
  const key = fingerprints.join();
  return events.map((event) => {
    const before = known.get(event);
    if (before?.fingerprints === key) return before.event;
    const message = withoutValues(event.message, fingerprints);
    const masked = message === event.message ? event : Object.freeze({ ...event, message });
    known.set(event, { fingerprints: key, event: masked });
    return masked;
  });
}
