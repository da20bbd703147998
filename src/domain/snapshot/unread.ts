// What RolloutGuard cannot read any more. What is decided from it waits.
import type { Ground } from "./ground.ts";

/** What a decision can need: always the workload with its revisions and RolloutGuard's own records, and grounds. */
export type Need = Ground | "workload" | "records";

/** A resource that has not been current for a minute. */
export interface UnreadResource {
  readonly need: Need;
  /** As people call it: "pods". */
  readonly resource: string;
  /** In a sentence, the same for as long as it lasts. */
  readonly why: string;
}
