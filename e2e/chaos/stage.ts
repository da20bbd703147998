// What a plan is played on.
import type { SimulatedCluster } from "@rolloutguard/simulated-cluster";
import type { Chronicle } from "./chronicle.ts";

/** Where operators that are elected keep the Lease. */
export const LEASE_NAMESPACE = "rolloutguard";

/** What the player does to the network between an operator and the API server. */
export interface Network {
  setFrozen(isFrozen: boolean): void;
  setRefusing(isRefusing: boolean): void;
  setLatency(latency?: readonly [number, number]): void;
  reset(): void;
}

export interface Stage {
  readonly cluster: SimulatedCluster;
  readonly chronicle: Chronicle;
  /** The network of the operators that an episode is about. */
  readonly networksOf: (whom: "first" | "second" | "both") => readonly Network[];
}
