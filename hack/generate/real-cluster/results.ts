// What a run on a real cluster measured, as docs/quality/real-cluster.json keeps it.

/**
 * Seconds of the cluster's clock from the answer to the change until the news arrived here; what did not happen is not
 * there.
 */
export interface Facts {
  /** The newest Incident of the application. */
  readonly incident?: {
    readonly name: string;
    readonly reason: string;
    readonly message: string;
    readonly phase?: string | undefined;
    readonly rootCause?: string | undefined;
  };
  readonly secondsToFirstSign?: number;
  readonly secondsToIncident?: number;
  readonly secondsToPatch?: number;
  /** All replicas of the restored revision available and behind the Service. */
  readonly secondsToRestored?: number;
  /** The Incident has ended as Recovered. */
  readonly secondsToRecovered?: number;
  /** Kubernetes itself said ProgressDeadlineExceeded; usually not before `progressDeadlineSeconds`. */
  readonly secondsToKubernetesVerdict?: number;
  readonly progressDeadlineSeconds: number;
  /** Kubernetes called the failing rollout complete, and so never reports anything. */
  readonly isCalledComplete?: true;
  /** The fewest ready endpoints that the Service had from the change on. */
  readonly fewestEndpoints?: number;
}

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
