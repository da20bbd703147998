// A guard in the snapshot.
import type { RolloutGuardSpec, RolloutGuardStatus } from "../../api/rollout-guard.ts";

export interface GuardView {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly generation: number;
  readonly createdAt: number;
  /** The spec with its defaults, or what is wrong with it in a sentence. */
  readonly spec: { readonly valid: RolloutGuardSpec } | { readonly invalid: string };
  readonly status: RolloutGuardStatus;
  /** Somebody wrote into the status what RolloutGuard never writes; it is not in `status`, and has to go. */
  readonly isStatusSpoiled?: boolean | undefined;
  /** The name of an older guard of the same workload, which has precedence. */
  readonly olderGuard?: string | undefined;
}
