// What a run on a real cluster measured, as docs/real-cluster.json keeps it.
import type { Facts } from "../scenarios/facts.ts";

export interface ScenarioMeasurement {
  readonly name: string;
  readonly title: string;
  readonly kind: "fails" | "leftAlone";
  readonly outcome: "passed" | "failed" | "skipped";
  readonly facts?: Facts;
  /** From its beginning to its last expectation. */
  readonly seconds: number;
}

/** What one round of the suites left; a suite that was not run is not there. */
export interface Round {
  readonly scenarios?: readonly ScenarioMeasurement[];
  readonly kills?: readonly LeaderKill[];
  readonly idle?: IdleMeasurement;
}

export interface LeaderKill {
  readonly name: string;
  readonly title: string;
  /** From the kill to the Incident's end. */
  readonly secondsToRecovered: number;
}

/** What one pod of the operator costs while nothing happens. */
export interface IdleCost {
  readonly isLeader: boolean;
  readonly residentBytes: number;
  /** Of one core. */
  readonly processorPercent: number;
  readonly requestsPerMinute: number;
}

export interface IdleMeasurement {
  readonly guards: number;
  readonly costs: readonly IdleCost[];
}

export interface RealClusterResults {
  /** Such as "local". */
  readonly cluster: string;
  /** Of Kubernetes, such as "v1.36.2". */
  readonly version: string;
  /** Of the machine. */
  readonly cores: number;
  readonly rounds: readonly Round[];
}
