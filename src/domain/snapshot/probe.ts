// A probe of a container in the snapshot.

/** How a probe asks. */
export type ProbeKind = "http" | "https" | "tcp" | "grpc" | "exec";

export interface ProbeView {
  readonly kind: ProbeKind;
  /** The port's number, of a named one that of the container; undefined for one that has none, and for `exec`. */
  readonly port?: number | undefined;
  /** The port's name, where it is asked by name. */
  readonly portName?: string | undefined;
  /** The path of an HTTP probe. */
  readonly path?: string | undefined;
  /** What is asked, in one line: "GET http :8080/healthz", "TCP :5432", "exec", "gRPC :9000". */
  readonly target: string;
  readonly initialDelayMs: number;
  readonly periodMs: number;
  readonly timeoutMs: number;
  readonly failureThreshold: number;
  readonly successThreshold: number;
}
