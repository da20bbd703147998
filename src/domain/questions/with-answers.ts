// The snapshot with the answers to what earlier decisions asked. Pure.
import type { Answers } from "../snapshot/answer.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { answeredEvents } from "./pod-events.ts";

/** Events that were asked for stand among the others: whoever reads Events need not know where they came from. */
export function withAnswers(snapshot: Snapshot, answers: Answers): Snapshot {
  if (Object.keys(answers).length === 0) return snapshot;
  const events = answeredEvents({ answers, pods: snapshot.pods });
  return Object.freeze({
    ...snapshot,
    answers: Object.freeze(answers),
    events: events.length === 0 ? snapshot.events : Object.freeze([...snapshot.events, ...events]),
  });
}
