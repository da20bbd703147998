// A Service in the snapshot.

export interface ServiceView {
  readonly name: string;
  /** Empty for a Service without selector. */
  readonly selector: Readonly<Record<string, string>>;
  readonly isExternalName: boolean;
  readonly ports: readonly ServicePortView[];
  /**
   * Endpoints of the guarded workload that get traffic: ready (serving, where not-ready addresses are published), not
   * terminating, with a port. Pods of other workloads that the Service selects too are not among them.
   */
  readonly readyEndpoints: number;
  /** The named target ports that not all of them have; undefined where all do. */
  readonly partialPorts?: readonly PartialPort[] | undefined;
  /** How that number changed lately, oldest first; the last one is the present. */
  readonly changes?: readonly EndpointChange[] | undefined;
  /** Since when the operator has seen it without any; undefined while it has some. */
  readonly emptySinceAt?: number | undefined;
  /** True when the operator itself saw the last endpoint go; otherwise it had none when it was first seen. */
  readonly sawLoss?: boolean | undefined;
}

/** From that instant on the Service had so many endpoints of the workload. */
export interface EndpointChange {
  readonly at: number;
  readonly ready: number;
}

/** A named target port, and how many of the ready endpoints have it. */
export interface PartialPort {
  readonly targetPort: string;
  readonly readyEndpoints: number;
}

export interface ServicePortView {
  readonly port: number;
  /** The number, or the name that a container gives to one of its ports. */
  readonly targetPort: number | string;
}
