// How many Kubernetes Events may be sent about one object, and which were sent lately. Pure state: time is an argument.

/** As client-go's spam filter: 25 at once, then one in five minutes. */
const BURST = 25;
const REFILL_MS = 5 * 60_000;
/** The same Event again within this time says nothing new. */
const SAME_AGAIN_MS = 10 * 60_000;
/** Objects and Events that are remembered; the ones not seen for the longest are forgotten first. */
const REMEMBERED = 1_000;

/** An Event that was sent, and may be sent again as a higher count. */
export interface SentEvent {
  readonly name: string;
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

export class EventBudget {
  readonly #tokens = new Recent<{ readonly left: number; readonly at: number }>();
  readonly #sent = new Recent<SentEvent>();

  /** The Event as it was sent last, if it is remembered. */
  lastSent(event: string): SentEvent | undefined {
    return this.#sent.get(event);
  }

  /** Whether `event` about `object` may be sent now; if so, it is counted. Both are any texts that identify. */
  take(object: string, event: string, now: number): boolean {
    const sent = this.#sent.get(event);
    if (sent && now - sent.lastAt < SAME_AGAIN_MS) return false;
    const { left, at } = this.#tokens.get(object) ?? { left: BURST, at: now };
    const available = Math.min(BURST, left + Math.max(0, now - at) / REFILL_MS);
    if (available < 1) return false;
    this.#tokens.set(object, { left: available - 1, at: now });
    return true;
  }

  remember(event: string, sent: SentEvent): void {
    this.#sent.set(event, sent);
  }
}

/** A map that forgets what was not used for the longest. */
class Recent<T> {
  readonly #entries = new Map<string, T>();

  get(key: string): T | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  set(key: string, value: T): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    const oldest = this.#entries.keys().next();
    if (this.#entries.size > REMEMBERED && !oldest.done) this.#entries.delete(oldest.value);
  }
}
