// Events without the values that the pods get: whose values they are is known only where Events and templates meet.
import type { EventView } from "../domain/snapshot/event.ts";
import { type Print, withoutValues } from "./projections/env-values.ts";

interface MaskedEvent {
  readonly prints: string;
  readonly event: EventView;
}

/** An Event is looked through once for the same prints, and forgotten with the Event. */
const known = new WeakMap<EventView, MaskedEvent>();

/** The Events, each as it may be shown. */
export function maskedEvents(events: readonly EventView[], prints: readonly Print[]): readonly EventView[] {
  if (prints.length === 0) return events;
  const key = prints.join();
  return events.map((event) => {
    const before = known.get(event);
    if (before?.prints === key) return before.event;
    const message = withoutValues(event.message, prints);
    const masked = message === event.message ? event : Object.freeze({ ...event, message });
    known.set(event, { prints: key, event: masked });
    return masked;
  });
}
