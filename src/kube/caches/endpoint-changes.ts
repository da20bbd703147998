// How many endpoints of a guarded workload its Services had lately: what one look at the slices cannot tell.
import type { EndpointChange } from "../../domain/snapshot/service.ts";
import type { ReconcileKey } from "../reconcile-key.ts";

/** What is remembered of one Service for one guard. */
export interface EndpointHistory {
  /** Oldest first; the last one is the present. */
  readonly changes: readonly EndpointChange[];
  /** Whether the last endpoint was seen to go, and none has come since. */
  readonly sawLoss: boolean;
}

/** Enough for a rollout whose pods flap; the oldest are dropped. */
const MOST_CHANGES = 40;

/** Kept for each guard and each of its Services. */
export class EndpointChanges {
  readonly #byGuard = new Map<ReconcileKey, Map<string, EndpointHistory>>();

  /** Notes the number that the Service has at `at`; gives the history with it. */
  note(guard: ReconcileKey, service: string, ready: number, at: number): EndpointHistory {
    const services = this.#byGuard.get(guard) ?? new Map<string, EndpointHistory>();
    this.#byGuard.set(guard, services);
    const known = services.get(service);
    const last = known?.changes.at(-1);
    if (known && last?.ready === ready) return known;
    // What comes at one instant, as the slices of a list do, is one change, whatever its order.
    const before = (known?.changes ?? []).filter((change) => change.at !== at);
    const isNews = before.at(-1)?.ready !== ready;
    const changes = isNews ? [...before, Object.freeze({ at, ready })] : before;
    const history: EndpointHistory = Object.freeze({
      changes: Object.freeze(changes.slice(-MOST_CHANGES)),
      sawLoss: ready === 0 && last !== undefined && (last.ready > 0 || known?.sawLoss === true),
    });
    services.set(service, history);
    return history;
  }

  /** The guard, or one of its Services, is gone. */
  forget(guard: ReconcileKey, service?: string): void {
    if (service === undefined) this.#byGuard.delete(guard);
    else this.#byGuard.get(guard)?.delete(service);
  }
}
