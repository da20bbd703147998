// A pod that is asked over the network, or whose metrics are.

export interface AskedPod {
  readonly name: string;
  readonly uid: string;
  /** Its addresses; none while it has none. */
  readonly addresses: readonly string[];
  /** Its addresses are those of its node: it must not be asked. */
  readonly isHostNetwork: boolean;
  /** The ports that its containers declare; that of the readiness probe first. No other port may be asked. */
  readonly ports: readonly { readonly name?: string | undefined; readonly port: number }[];
  /** Where its annotations say that it serves metrics. */
  readonly scrape?: ScrapeTarget | undefined;
}

/** The annotations prometheus.io/port and prometheus.io/path. */
export interface ScrapeTarget {
  /** Undefined where only the path is given. */
  readonly port?: number | undefined;
  readonly path: string;
}
