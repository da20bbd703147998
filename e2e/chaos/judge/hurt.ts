// When users were hurt: the Service had clearly fewer ready endpoints than before the rollout. Pure.
import type { Entry } from "../chronicle.ts";
import type { Interval } from "../intervals.ts";

/** Less than that of what it had: one pod between two crashes is no emergency. */
const CLEARLY_LESS = 2 / 3;
/** A shorter loss is over before anybody can act. */
const SHORT_MS = 15_000;

/** The stretches of the rollout in which its Service had clearly fewer endpoints than at its beginning, or than are wanted. */
export function hurtDuring(entries: readonly Entry[], rollout: Interval): readonly Interval[] {
  let [ready, wanted, before] = [0, 0, 0];
  let since: number | undefined;
  const found: Interval[] = [];
  const notice = (atMs: number): void => {
    const isHurt = ready < CLEARLY_LESS * Math.min(before, wanted);
    if (isHurt) since ??= atMs;
    else if (since !== undefined) {
      found.push({ fromMs: since, toMs: atMs });
      since = undefined;
    }
  };
  for (const entry of entries) {
    if (entry.atMs >= rollout.toMs) break;
    if (entry.is === "scaled") wanted = entry.replicas;
    if (entry.is === "endpoints") ready = entry.ready;
    if (entry.atMs <= rollout.fromMs) before = ready;
    else notice(entry.atMs);
  }
  if (since !== undefined) found.push({ fromMs: since, toMs: rollout.toMs });
  return found.filter(({ fromMs, toMs }) => toMs - fromMs >= SHORT_MS);
}
