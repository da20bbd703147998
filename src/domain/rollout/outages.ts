// Outages of the environment: workloads that nobody changed became unavailable around the same time. Pure.
// Counted is what *became* unavailable, by namespaces and for a limited time, so that a tenant whose workloads have been
// broken for a month, or who breaks them on purpose, holds nobody's rollback.

import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Outage } from "../snapshot/surroundings.ts";

/** So many workloads of the namespace, or so many other namespaces, must be hit, and this share of them. */
const ENOUGH = 3;
const SHARE = 0.3;
/** One of which nobody saw the beginning was down for so long at least before it came back: nodes return together. */
const UNSEEN_MS = 30_000;
/** Before the rollout began it can have been the cause for so long; after this it is a state, not an outage. */
const BEFORE_MS = 5 * 60_000;
const LONGEST_MS = 30 * 60_000;

/** An outage of which the beginning is known. */
export type SeenOutage = Outage & { readonly downSinceAt: number };

/** Those that belong to one outage: in the guard's namespace, or in enough others; none when there are too few. */
export function outageAround(snapshot: Snapshot, startedAt: number, now: number): readonly SeenOutage[] {
  return ofOneOutage(snapshot, seenAround(snapshot, startedAt, now));
}

function seenAround({ surroundings }: Snapshot, startedAt: number, now: number): readonly SeenOutage[] {
  return surroundings.outages.filter(
    (outage): outage is SeenOutage =>
      outage.downSinceAt !== undefined &&
      outage.downSinceAt >= startedAt - BEFORE_MS &&
      now - outage.downSinceAt <= LONGEST_MS,
  );
}

/**
 * Those that were down at the same moment as enough others. Workloads that fail now and then by themselves, one after the other,
 * are no outage, and one that fails after the outage is not part of it.
 */
function ofOneOutage<T extends Outage>(snapshot: Snapshot, around: readonly T[]): readonly T[] {
  const members = new Set(
    around.flatMap((outage) => {
      const at = beganAt(outage);
      return enoughOf(
        snapshot,
        around.filter((other) => beganAt(other) <= at && at <= (other.upAt ?? Number.POSITIVE_INFINITY)),
      );
    }),
  );
  return around.filter((outage) => members.has(outage));
}

/** When it began, or, where nobody saw that, when it was down for sure. */
function beganAt({ downSinceAt, upAt = 0 }: Outage): number {
  return downSinceAt ?? upAt - UNSEEN_MS;
}

function enoughOf<T extends Outage>({ guard, surroundings }: Snapshot, around: readonly T[]): readonly T[] {
  const nearby = around.filter(({ namespace }) => namespace === guard.namespace);
  if (isEnough(nearby.length, surroundings.settledNearby)) return nearby;
  const elsewhere = around.filter(({ namespace }) => namespace !== guard.namespace);
  const hit = new Set(elsewhere.map(({ namespace }) => namespace));
  return isEnough(hit.size, surroundings.settledNamespaces) ? [...nearby, ...elsewhere] : [];
}

function isEnough(hit: number, settled: number): boolean {
  return hit >= ENOUGH && hit >= settled * SHARE;
}

/** Those of an outage that are down at this moment. */
export function ongoing<T extends Outage>(outages: readonly T[]): readonly T[] {
  return outages.filter(({ upAt }) => upAt === undefined);
}

/**
 * When the last of them was up again that an outage in the middle of the rollout had taken down; 0 where there was none.
 * What a check saw until then is no evidence against the release: its clocks begin there. One of which only the end is known
 * counts too: nothing is lost by clocks that begin later.
 */
export function outageEndedAt(snapshot: Snapshot, startedAt: number): number {
  const latestAt = Math.max(0, ...snapshot.surroundings.outages.flatMap(({ upAt }) => upAt ?? []));
  if (latestAt <= startedAt) return 0;
  const ended = snapshot.surroundings.outages.filter(
    ({ downSinceAt, upAt }) => downSinceAt === undefined && upAt !== undefined && upAt > startedAt,
  );
  const around = [...seenAround(snapshot, startedAt, latestAt), ...ended];
  const upAts = ofOneOutage(snapshot, around).flatMap(({ upAt }) => upAt ?? []);
  return upAts.reduce((last, upAt) => (upAt > startedAt && upAt > last ? upAt : last), 0);
}
