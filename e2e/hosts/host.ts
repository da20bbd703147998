// A real cluster and the way to it, from the moment it is there until it is given back.

export const HOST_NAMES = ["local", "kind", "existing"] as const;
export type HostName = (typeof HOST_NAMES)[number];

export interface Host {
  readonly name: HostName;
  /** The path of an administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** Runs a program where the API server can be reached: the words before the program's own. Empty when that is here. */
  readonly enter: readonly string[];
  /** Whether the processes of its containers are among those of this machine. */
  readonly seesProcesses: boolean;
  /** Makes the images of these archives known to every node. */
  loadImages(archives: readonly string[]): Promise<void>;
  /** Gives the cluster back: one that was made for the run is taken away. */
  close(): Promise<void>;
}

export interface HostOptions {
  /** Told what is being done. */
  readonly progress: (line: string) => void;
  /** Do not ask before a cluster is used that was there before. */
  readonly yes: boolean;
  readonly signal: AbortSignal;
}
