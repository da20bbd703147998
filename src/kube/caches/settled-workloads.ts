// The health of workloads that are not in a rollout: when many become unavailable at once, no single release is to blame.
import type { Outage, Surroundings } from "../../domain/snapshot/surroundings.ts";
import type { SettledHealth } from "../../domain/workload/workload-rules.ts";
import type { Target } from "../reconcile-key.ts";
import { type WorkloadKey, workloadKey } from "../workload-key.ts";

/** So long after its end an outage is remembered: the clocks of findings begin again when it ended. */
const REMEMBERED_MS = 15 * 60_000;
/** At most so many outages are listed: enough to tell an environment that fails. */
const MOST_OUTAGES = 50;

/** A rollout that is complete has been available for longer: what became available so much later had been down. */
const LATE_MS = 60_000;

type Settled = Pick<Surroundings, "settledNearby" | "settledNamespaces" | "outages">;

/** Kept as things change, so that asking costs what is down, not what there is. */
export class SettledWorkloads {
  /** The settled workloads of each namespace. */
  readonly #namespaces = new Map<string, Set<WorkloadKey>>();
  readonly #outages = new Map<WorkloadKey, Outage>();

  /** Sets what is known of a workload; undefined when it is not settled, or is gone. */
  set(namespace: string, target: Target, health: SettledHealth | undefined): void {
    const key = workloadKey(namespace, target);
    const workloads = this.#namespaces.get(namespace) ?? new Set<WorkloadKey>();
    if (health === undefined) {
      workloads.delete(key);
      this.#outages.delete(key);
    } else {
      const isNew = !workloads.has(key);
      workloads.add(key);
      if (isNew && recoveredLate(health)) this.#noteRecovery(key, { namespace, ...target }, health);
      else this.#noteOutage(key, { namespace, ...target }, health);
    }
    if (workloads.size > 0) this.#namespaces.set(namespace, workloads);
    else this.#namespaces.delete(namespace);
  }

  /** What is settled besides this workload, at `now` (epoch ms). */
  besides(namespace: string, target: Target, now: number): Settled {
    const ownKey = workloadKey(namespace, target);
    const own = this.#namespaces.get(namespace);
    const outages: Outage[] = [];
    for (const [key, outage] of this.#outages) {
      if (outage.upAt !== undefined && outage.upAt < now - REMEMBERED_MS) this.#outages.delete(key);
      else if (key !== ownKey) outages.push(outage);
    }
    const nearbyFirst = (a: Outage, b: Outage) =>
      Number(b.namespace === namespace) - Number(a.namespace === namespace) || beganAt(a) - beganAt(b);
    return {
      settledNearby: (own?.size ?? 0) - (own?.has(ownKey) ? 1 : 0),
      settledNamespaces: this.#namespaces.size - (own ? 1 : 0),
      outages: Object.freeze(outages.sort(nearbyFirst).slice(0, MOST_OUTAGES)),
    };
  }

  /** It was down until then. Since when, its status does not say. */
  #noteRecovery(
    key: WorkloadKey,
    workload: Pick<Outage, "namespace" | "kind" | "name">,
    { changedAt }: SettledHealth,
  ): void {
    this.#outages.set(key, Object.freeze({ ...workload, upAt: changedAt }));
  }

  #noteOutage(
    key: WorkloadKey,
    workload: Pick<Outage, "namespace" | "kind" | "name">,
    { isAvailable, changedAt }: SettledHealth,
  ): void {
    const known = this.#outages.get(key);
    if (!isAvailable) {
      const isSame = known !== undefined && known.upAt === undefined;
      if (!isSame) this.#outages.set(key, Object.freeze({ ...workload, downSinceAt: changedAt }));
    } else if (known !== undefined && known.upAt === undefined) {
      this.#outages.set(key, Object.freeze({ ...known, upAt: changedAt }));
    }
  }
}

/** Seen for the first time, after a restart of the operator, it tells that it was down although nobody changed it. */
function recoveredLate({ isAvailable, changedAt, completedAt }: SettledHealth): boolean {
  return isAvailable && changedAt - completedAt > LATE_MS;
}

/** When it began, as far as that is known. */
function beganAt({ downSinceAt, upAt = 0 }: Outage): number {
  return downSinceAt ?? upAt;
}
