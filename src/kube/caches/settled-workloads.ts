// The health of guarded Deployments that are not in a rollout: when many fail at once, no single release is to blame.

/** Counters over the whole cluster, kept as things change, so that asking costs nothing. */
export class SettledWorkloads {
  readonly #available = new Map<string, boolean>();
  #unavailable = 0;

  /** Sets what is known of a Deployment: whether it is available, or undefined when it is not settled. */
  set(workload: string, isAvailable: boolean | undefined): void {
    if (this.#available.get(workload) === false) this.#unavailable -= 1;
    if (isAvailable === undefined) this.#available.delete(workload);
    else this.#available.set(workload, isAvailable);
    if (isAvailable === false) this.#unavailable += 1;
  }

  /** How many there are besides this one, and how many of them are unavailable. */
  besides(workload: string): { readonly settledWorkloads: number; readonly settledUnavailable: number } {
    const own = this.#available.get(workload);
    return {
      settledWorkloads: this.#available.size - (own === undefined ? 0 : 1),
      settledUnavailable: this.#unavailable - (own === false ? 1 : 0),
    };
  }
}
