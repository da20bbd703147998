// What a scenario knows of the cluster that it is played on, simulated or real: the API server, the time, the images.
import type { KubeConfig } from "@kubernetes/client-node";

/** What not every cluster offers to tests. */
export type Need =
  /** Nodes may be cordoned and drained. */
  | "drain"
  /** The operator runs, and the scenario waits for what it does. */
  | "operator"
  /** The kernel ends containers that use more memory than their limit. */
  | "memoryLimits";

export interface ClusterUnderTest {
  /** As people call it: "simulated", "local", "kind". */
  readonly name: string;
  /** An administrator's access. */
  readonly kubeConfig: KubeConfig;
  /** How many times faster than real time the cluster runs: 1 for a real one. */
  readonly timeScale: number;
  /** Epoch ms of the cluster's clock. */
  now(): number;
  /** The image of the scenarios' application (hack/application): one content under the tags v1 to v4. */
  applicationImage(tag: string): string;
  /** An image that cannot be pulled. */
  readonly missingImage: string;
  /** What it cannot do, each with why: scenarios that need it are not played. */
  readonly cannot: Readonly<Partial<Record<Need, string>>>;
}

/** Lets so much of the cluster's time pass. */
export function pass({ timeScale }: Pick<ClusterUnderTest, "timeScale">, ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms / timeScale));
}
