// How often the status of a guard and of its open Incident is written. State only: time is an argument.
import { isOpenPhase } from "../api/incident.ts";
import type { Effect } from "../domain/effects/effect.ts";
import type { ReconcileKey } from "../kube/reconcile-key.ts";

/** More than a rollout that fails, is undone and recovers needs within seconds. */
const BURST = 10;
/** One more after each so long a time. */
const REFILL_MS = 5_000;

const CONTRADICTED = "its status changes too often; check whether another operator writes it as well";

interface Account {
  readonly left: number;
  readonly at: number;
}

/**
 * Bounds what is written when somebody else writes another status again and again: two operators, of which one is not
 * up to date, would answer each other as fast as the API server can.
 */
export class StatusBudget {
  readonly #accounts = new Map<string, Account>();

  /**
   * Takes one write of a guard's status, or of what its open Incident does; else says why to wait, and until when. All other
   * effects pass.
   */
  take(
    key: ReconcileKey,
    effect: Effect,
    now: number,
  ): undefined | { readonly why: string; readonly untilAt: number } {
    const statement = contradictable(effect);
    if (statement === undefined) return undefined;
    const name = `${statement} ${key}`;
    this.#forgetFull(now);
    const { left, at } = this.#accounts.get(name) ?? { left: BURST, at: now };
    const available = Math.min(BURST, left + Math.max(0, now - at) / REFILL_MS);
    if (available < 1) return { why: CONTRADICTED, untilAt: now + (1 - available) * REFILL_MS };
    this.#accounts.delete(name);
    this.#accounts.set(name, { left: available - 1, at: now });
    return undefined;
  }

  /** The accounts are in the order of their last write: the first ones are full again. */
  #forgetFull(now: number): void {
    for (const [key, { at }] of this.#accounts) {
      if (now - at < BURST * REFILL_MS) break;
      this.#accounts.delete(key);
    }
  }
}

/**
 * What an operator that sees things differently would write the opposite of; undefined when none would. What an Incident is held
 * by has an account of its own, so that it does not delay a rollback. An end is written once.
 */
function contradictable(effect: Effect): string | undefined {
  if (effect.type === "updateGuardStatus") return effect.type;
  if (effect.type !== "updateIncident") return undefined;
  const { phase } = effect.status;
  return isOpenPhase(phase) ? `${effect.type} ${phase}` : undefined;
}
