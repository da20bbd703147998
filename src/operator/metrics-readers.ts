// Who can read the metrics: what the cluster said of a token is kept for a while, and the cluster is not asked without bounds.
import { createHash } from "node:crypto";
import type { Access } from "../kube/access-reviews.ts";
import type { Clock } from "../kube/clock.ts";
import type { ReaderVerdict } from "../telemetry/routes.ts";

export interface MetricsReadersOptions {
  /** Asks the cluster; rejects when it cannot be asked. */
  readonly review: (token: string) => Promise<Access>;
  readonly clock: Pick<Clock, "now">;
  readonly onProblem: (error: unknown) => void;
}

/** A right that was taken away counts for so long. */
const ALLOWED_MS = 60_000;
/** A right that was given counts after so long at the latest. */
const REFUSED_MS = 10_000;
/** Of each kind. Prometheus has one token, or a few. */
const MOST_KEPT = 100;
/** Whoever reaches the port can send tokens that nobody knows, each a request to the API server. */
const MOST_REVIEWS_A_SECOND = 10;

interface Known {
  readonly access: Access;
  readonly untilAt: number;
}

/** Keeps no token, only hashes; refused ones cannot push out allowed ones. */
export class MetricsReaders {
  readonly #options: MetricsReadersOptions;
  readonly #allowed = new Map<string, Known>();
  readonly #refused = new Map<string, Known>();
  readonly #underWay = new Map<string, Promise<ReaderVerdict>>();
  #second = 0;
  #reviews = 0;

  constructor(options: MetricsReadersOptions) {
    this.#options = options;
  }

  /** What the cluster says of the token, or said lately. Never rejects. */
  verdictOn(token: string): Promise<ReaderVerdict> {
    const key = createHash("sha256").update(token).digest("base64");
    const now = this.#options.clock.now();
    const known = this.#allowed.get(key) ?? this.#refused.get(key);
    if (known && now < known.untilAt) return Promise.resolve(known.access);
    const underWay = this.#underWay.get(key);
    if (underWay) return underWay;
    // Whoever could read them lately is not kept out by somebody who sends many tokens.
    if (!this.#allowed.has(key) && !this.#canAsk(now)) return Promise.resolve("busy");
    const asked = this.#ask(key, token).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, asked);
    return asked;
  }

  async #ask(key: string, token: string): Promise<ReaderVerdict> {
    const { review, clock, onProblem } = this.#options;
    try {
      const access = await review(token);
      this.#keep(key, access, clock.now());
      return access;
    } catch (error) {
      onProblem(error);
      return "busy";
    }
  }

  #keep(key: string, access: Access, now: number): void {
    const isAllowed = access === "allowed";
    const [kept, other] = isAllowed ? [this.#allowed, this.#refused] : [this.#refused, this.#allowed];
    other.delete(key);
    kept.delete(key);
    kept.set(key, { access, untilAt: now + (isAllowed ? ALLOWED_MS : REFUSED_MS) });
    const [oldest] = kept.keys();
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  }

  #canAsk(now: number): boolean {
    const second = Math.floor(now / 1_000);
    if (second !== this.#second) [this.#second, this.#reviews] = [second, 0];
    this.#reviews += 1;
    return this.#reviews <= MOST_REVIEWS_A_SECOND;
  }
}
