// The Events of a component that cannot reach the API server for a while: it writes them when it can again.
import type { EventRecorder } from "./event-recorder.ts";

export interface HeldEvents extends EventRecorder {
  /** Writes what was held, in order. */
  release(): void;
}

/** A recorder that holds Events back for as long as the condition is true. */
export function holdEvents(recorder: EventRecorder, isHeld: () => boolean): HeldEvents {
  let held: Parameters<EventRecorder["record"]>[] = [];
  return {
    record: (...event) => {
      if (isHeld()) held.push(event);
      else recorder.record(...event);
    },
    release: () => {
      const events = held;
      held = [];
      for (const event of events) recorder.record(...event);
    },
  };
}
