// Who may hold the Lease, and what a holder writes into it: the rules of Kubernetes' own leader election. Pure.
import type { LeaseRecord } from "../../kube/lease/lease-record.ts";

/** The longest pause between two tries, in retry periods. */
export const LONGEST_JITTER = 1.2;

/** All in milliseconds of the cluster's clock; duration > renew deadline > LONGEST_JITTER times the retry period. */
export interface LeaseTimes {
  /** A Lease that nobody renewed for so long is free. */
  readonly durationMs: number;
  /** A holder that could not renew for so long stops acting. */
  readonly renewDeadlineMs: number;
  readonly retryPeriodMs: number;
}

/**
 * Whether another may take the Lease. `unchangedMs` is for how long, at the least, this process has seen it as it is:
 * what the holder's clock says does not count, so clocks that differ make no difference.
 */
export function isFree(record: LeaseRecord, unchangedMs: number, ownDurationMs: number): boolean {
  return record.holder === "" || unchangedMs > (record.durationMs ?? ownDurationMs);
}

/** What `me` writes to take the Lease, or to renew what it holds already. `now` is epoch ms. */
export function heldBy(
  me: string,
  previous: LeaseRecord | undefined,
  now: number,
  durationMs: number,
): LeaseRecord {
  const isRenewal = previous?.holder === me;
  return {
    holder: me,
    durationMs,
    renewedAt: now,
    acquiredAt: isRenewal ? (previous.acquiredAt ?? now) : now,
    transitions: previous ? previous.transitions + (isRenewal ? 0 : 1) : 0,
  };
}

/** What a holder writes that goes: the Lease is nobody's at once. */
export function released(previous: LeaseRecord, now: number): LeaseRecord {
  return { ...previous, holder: "", durationMs: 1_000, renewedAt: now, acquiredAt: now };
}

/** How long to wait for the next try; `chance` in [0, 1). Instances that were started together drift apart. */
export function pauseMs(retryPeriodMs: number, chance: number): number {
  return retryPeriodMs * (1 + (LONGEST_JITTER - 1) * chance);
}
