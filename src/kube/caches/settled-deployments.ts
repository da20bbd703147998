// The health of guarded Deployments that are not in a rollout: when many fail at once, no single release is to blame.

/** Counters over the whole cluster, kept as things change, so that asking costs nothing. */
export class SettledDeployments {
  readonly #available = new Map<string, boolean>();
  #unavailable = 0;

  /** Sets what is known of a Deployment: whether it is available, or undefined when it is not settled. */
  set(deployment: string, isAvailable: boolean | undefined): void {
    if (this.#available.get(deployment) === false) this.#unavailable -= 1;
    if (isAvailable === undefined) this.#available.delete(deployment);
    else this.#available.set(deployment, isAvailable);
    if (isAvailable === false) this.#unavailable += 1;
  }

  /** How many there are besides this one, and how many of them are unavailable. */
  besides(deployment: string): { readonly settledDeployments: number; readonly settledUnavailable: number } {
    const own = this.#available.get(deployment);
    return {
      settledDeployments: this.#available.size - (own === undefined ? 0 : 1),
      settledUnavailable: this.#unavailable - (own === false ? 1 : 0),
    };
  }
}
