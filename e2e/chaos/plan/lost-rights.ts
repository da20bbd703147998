// When the operators' role does not allow a resource any more, and when it does again. Pure.
import type { Dice } from "./dice.ts";
import type { Death, Episode, LostRight } from "./episodes.ts";

/** Those come more often that decisions need. */
const RESOURCES: readonly [LostRight["resource"], ...LostRight["resource"][]] = [
  "pods",
  "pods",
  "pods",
  "deployments",
  "deployments",
  "replicasets",
  "replicasets",
  "services",
  "services",
  "endpointslices",
  "endpointslices",
  "incidents",
  "incidents",
  "rolloutguards",
  "events",
  "networkpolicies",
  "leases",
];

/** A loss that lasts for so long has to be said, and nothing else happens meanwhile that keeps operators from saying it. */
const LONG_MS = 110_000;
/** An operator may still be starting for so long. */
const STARTING_MS = 40_000;

/** Half of the losses are long. */
export function planLostRight(dice: Dice, quietFromMs: number): Episode & { readonly trouble: LostRight } {
  const isLong = dice.happens(0.5);
  const lastsMs = isLong ? dice.between(LONG_MS, 160_000) : dice.between(2_000, 50_000);
  const atMs = dice.between(Math.min(60_000, quietFromMs - lastsMs), quietFromMs - lastsMs);
  const of = dice.oneOf(["reading", "everything"] as const);
  return { atMs, untilMs: atMs + lastsMs, trouble: { is: "lostRight", resource: dice.oneOf(RESOURCES), of } };
}

/** Whether the episode would hide whether a long loss is said. */
export function hides({ atMs, untilMs }: Episode, lost: Episode): boolean {
  return isLong(lost) && atMs < lost.atMs + LONG_MS && untilMs + STARTING_MS > lost.atMs;
}

/** Whether that death would leave no operator that has seen a long loss begin. */
export function leavesNobody({ atMs, whom }: Death, lost: Episode): boolean {
  return isLong(lost) && whom === "second" && atMs > lost.atMs - STARTING_MS && atMs < lost.untilMs;
}

function isLong({ atMs, untilMs }: Episode): boolean {
  return untilMs - atMs >= LONG_MS;
}
