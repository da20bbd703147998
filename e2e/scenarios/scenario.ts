// A scenario: something that happens to an application, and what must come of it, whatever the cluster is.
import type { FindingReason } from "../../src/api/reasons.ts";
import type { Need } from "../clusters/cluster-under-test.ts";
import type { Telling } from "./story/story.ts";

interface Told {
  /** Its name in reports, and the beginning of its namespace: kebab-case. */
  readonly name: string;
  /** What happens and what comes of it, after "a rollout" or "nothing is done". */
  readonly title: string;
  /** What the cluster must be able to do. */
  readonly needs?: readonly Need[];
  /** Why there is no recording of it in e2e/recordings. */
  readonly unrecorded?: string;
  /** It disturbs others on the same node and is played alone. */
  readonly isExclusive?: boolean;
  /** Rejects with what was not as it must be. */
  play(story: Telling): Promise<void>;
}

/** A rollout fails: an Incident tells why, and service comes back. */
export interface FailingScenario extends Told {
  readonly kind: "fails";
  /** The headline of its Incident. */
  readonly reason: FindingReason;
}

/** It may look bad for a while and must be left alone. */
export interface HealthyScenario extends Told {
  readonly kind: "leftAlone";
}

/** Of those that were written after the last run of `npm run record-scenarios`. */
export const NOT_RECORDED_YET = "written after the scenarios were recorded on the local cluster";

export type Scenario = FailingScenario | HealthyScenario;

/** What a suite calls it. */
export function titleOf({ name, kind, title }: Scenario): string {
  return `${name}: ${kind === "fails" ? "a rollout" : "nothing is done"}: ${title}`;
}
