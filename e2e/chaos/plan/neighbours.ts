// Deployments that nobody guards and that have been failing since the beginning: no excuse for anybody's bad release. Pure.
import type { Version } from "../../testing/shop.ts";
import { createDice } from "./dice.ts";

export interface Neighbour {
  readonly namespace: string;
  readonly name: string;
  readonly version: Version;
}

/** Most are one tenant's; some applications have one in their namespace. */
const BROKEN_TENANT = "broken-tenant";
const OF_THE_TENANT = 5;

export function planNeighbours(seed: number, namespaces: number): readonly Neighbour[] {
  const dice = createDice(seed, "neighbours");
  const failing = (): Version =>
    dice.oneOf<Version>([
      { tag: "crashes", env: { CRASH: "1", CRASH_AFTER: `${dice.whole(1, 20)}s` } },
      {
        tag: "crashes-unprobed",
        env: { CRASH: "1", CRASH_AFTER: `${dice.whole(5, 20)}s` },
        container: { readinessProbe: undefined },
      },
      { tag: "flaps", env: { FAIL_AFTER: "10s", FAIL_FOR: "15s", FAIL_EVERY: "30s" } },
    ]);
  const tenants = Array.from({ length: OF_THE_TENANT }, (_, i) => ({
    namespace: BROKEN_TENANT,
    name: `broken-${i + 1}`,
    version: failing(),
  }));
  const nearby = Array.from({ length: Math.floor(namespaces / 5) }, () => ({
    namespace: `team-${dice.whole(1, namespaces)}`,
    name: "neighbour",
    version: failing(),
  }));
  return [...tenants, ...nearby];
}
