// The faults that are in force, and what they do to a request.
import type { ApiRequest } from "../api-request.ts";
import { createRandom, type Random } from "../random.ts";
import type { SimulatedTime } from "../simulated-time.ts";
import type { Fault, RequestEffect, WatchEffect } from "./fault.ts";
import { type MatchableRequest, matches } from "./request-matching.ts";

/** What a handler can do: a fault knows when it began, a handler does not. */
export type HandlerEffect = Exclude<RequestEffect, { readonly stale: true }>;

/** A test's own say about a request, when data does not say it. */
export type RequestHandler = (
  request: ApiRequest,
) => HandlerEffect | undefined | Promise<HandlerEffect | undefined>;

/** What happens to a request now: of a stale answer, the revision from which it comes. */
export type EffectNow = HandlerEffect | { readonly asOf: number };

/** A fault that was added. */
export interface FaultHandle {
  readonly id: string;
  readonly fault: Fault;
  /** How many requests or watches it has hit. */
  readonly hits: number;
  readonly isActive: boolean;
  /** Ends it; what it holds back comes. Nothing happens when it has ended already. */
  end(): void;
}

/** The watches that are open, as far as faults are concerned. */
export interface OpenWatches {
  /** Lets the effect happen to every open watch for which the condition is true. Returns what ends the effect. */
  apply(effect: WatchEffect, condition: (request: MatchableRequest) => boolean): () => void;
}

interface ActiveFault extends FaultHandle {
  hits: number;
  isActive: boolean;
  /** The revision of the cluster when it began. */
  readonly beganAt: number;
  /** Called when it ends. */
  readonly endings: (() => void)[];
}

/** Effects of which more than one may happen to a request. */
const isDelay = (effect: RequestEffect): effect is { readonly delayMs: number } => "delayMs" in effect;

export class Faults {
  readonly #handlers = new Set<RequestHandler>();
  readonly #faults = new Map<string, ActiveFault>();
  readonly #time: SimulatedTime;
  readonly #random: Random;
  readonly #watches: OpenWatches;
  readonly #revision: () => number;
  #ids = 0;

  constructor(parts: {
    time: SimulatedTime;
    seed: number;
    watches: OpenWatches;
    /** The newest resourceVersion. */
    revision: () => number;
  }) {
    this.#time = parts.time;
    // Its own stream: faults must not change the names and timings of the rest.
    this.#random = createRandom(parts.seed ^ 0xfa017);
    this.#watches = parts.watches;
    this.#revision = parts.revision;
  }

  /** Puts a fault in force. */
  add(fault: Fault): FaultHandle {
    const id = `fault-${++this.#ids}`;
    const endings: (() => void)[] = [];
    const active: ActiveFault = {
      id,
      fault,
      endings,
      beganAt: this.#revision(),
      hits: 0,
      isActive: true,
      end: () => {
        if (!active.isActive) return;
        active.isActive = false;
        this.#faults.delete(id);
        for (const ending of endings) ending();
      },
    };
    this.#faults.set(id, active);
    const { does, forMs } = fault;
    if ("watch" in does || "watchDelayMs" in does) {
      const stop = this.#watches.apply(does, (request) => this.#hits(active, request));
      if (active.isActive) endings.push(stop);
      else stop();
    }
    if (forMs === 0) active.end();
    else if (forMs !== undefined && active.isActive)
      endings.push(this.#time.after(forMs, () => active.end()));
    return active;
  }

  /** The faults in force, oldest first. */
  list(): readonly FaultHandle[] {
    return [...this.#faults.values()];
  }

  /** Ends all faults. */
  clear(): void {
    for (const fault of this.#faults.values()) fault.end();
  }

  /** Asks the handler about every request, before the faults. Returns a function that removes it. */
  addHandler(handler: RequestHandler): () => void {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  /**
   * What happens to this request: the time that it waits, and the first of the other effects. Handlers come before
   * faults, and of each the older before the newer.
   */
  async effectOn(request: ApiRequest): Promise<EffectNow | undefined> {
    for (const handler of this.#handlers) {
      const effect = await handler(request);
      if (effect !== undefined && !isDelay(effect)) return effect;
      if (effect !== undefined) await this.#wait(effect.delayMs);
    }
    for (const active of this.#faults.values()) {
      const { does } = active.fault;
      if ("watch" in does || "watchDelayMs" in does) continue;
      if (!concerns(does, request) || !this.#hits(active, request)) continue;
      if ("stale" in does) return { asOf: active.beganAt };
      if (!isDelay(does)) return does;
      await this.#wait(does.delayMs);
    }
    return undefined;
  }

  #hits(active: ActiveFault, request: MatchableRequest): boolean {
    const { on = {}, times, probability = 1 } = active.fault;
    if (!active.isActive || (times !== undefined && active.hits >= times)) return false;
    if (!matches(on, request)) return false;
    if (probability < 1 && this.#random.between(0, 1) >= probability) return false;
    active.hits += 1;
    if (times !== undefined && active.hits >= times) this.#exhaust(active);
    return true;
  }

  /** What holds watches back goes on for those that it has hit. */
  #exhaust(active: ActiveFault): void {
    const { does } = active.fault;
    const lasts = "watchDelayMs" in does || ("watch" in does && does.watch === "freeze");
    if (!lasts) active.end();
  }

  #wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.#time.after(delayMs, resolve));
  }
}

/** Whether the request is of the sort to which the effect can happen. */
function concerns(effect: RequestEffect, { verb, query }: ApiRequest): boolean {
  if ("expireContinue" in effect) return verb === "list" && (query.get("continue") ?? "") !== "";
  if ("stale" in effect) {
    return ["get", "list", "watch"].includes(verb) && query.get("resourceVersion") === "0";
  }
  if ("slowMs" in effect || "spoil" in effect) return verb !== "watch";
  return true;
}
