// What goes wrong in reading the cluster, told once and not in a loop.
import type { UnreadableObject } from "../kube/caches/cached-resources.ts";
import type { Clock } from "../kube/clock.ts";
import type { ResourceName } from "../kube/resources.ts";
import { Complaints } from "../telemetry/complaints.ts";
import type { Logger } from "../telemetry/logger.ts";

/** The same problem of the same source again within this time is not told again. */
const SAME_PROBLEM_MS = 5 * 60_000;

export interface ReadingProblems {
  /** For the failures of one source; its name is for sentences. */
  withSource(name: string): (message: string, error: unknown) => void;
  /** For an object of the resource that is left out. */
  leftOut(resource: ResourceName): (object: string, problem: string) => void;
  /** What is wrong with an object is told once, however often it is read again. */
  readonly unreadable: (unreadable: UnreadableObject) => void;
}

/** Tells them as warnings. */
export function readingProblems({ clock, logger }: { clock: Clock; logger: Logger }): ReadingProblems {
  const sources = new Complaints({ quietMs: SAME_PROBLEM_MS });
  const objects = new Complaints({ quietMs: Number.POSITIVE_INFINITY });
  const unreadable = ({ resource, object = "(none)", problem }: UnreadableObject) => {
    if (!objects.isNews(`${resource} ${object}`, problem, clock.now())) return;
    logger.warn(`an object cannot be read: ${problem}`, { resource, object });
  };
  return {
    withSource: (name) => (message, error) => {
      if (sources.isNews(name, message, clock.now())) logger.warn(message, { source: name, error });
    },
    leftOut: (resource) => (object, problem) => unreadable({ resource, object, problem }),
    unreadable,
  };
}
