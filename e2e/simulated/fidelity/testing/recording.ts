// Recordings: what a watcher of one namespace saw, read from a file or taken from the simulated cluster.
import { readFileSync } from "node:fs";
import type { SimulatedCluster } from "@rolloutguard/simulated-cluster";
import type { KubeObject } from "@rolloutguard/simulated-cluster/objects";

export interface RecordedChange {
  /** Seconds since the recording began. */
  readonly t: number;
  readonly resource: string;
  readonly type: "LIST" | "ADDED" | "MODIFIED" | "DELETED";
  readonly object: KubeObject;
}

export interface RecordedMark {
  readonly t: number;
  /** What the person at the keyboard did. */
  readonly mark: string;
}

export type RecordedLine = RecordedChange | RecordedMark;

const RESOURCES = [
  "deployments",
  "replicasets",
  "pods",
  "services",
  "endpoints",
  "endpointslices",
  "events",
] as const;

/** Reads a .jsonl file. */
export function readRecording(file: string): RecordedLine[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as RecordedLine);
}

/** Records a simulated cluster's namespace from now on; `mark` notes what was done. */
export function recordCluster(
  cluster: SimulatedCluster,
  namespace: string,
): { readonly lines: RecordedLine[]; mark(text: string): void } {
  const startedAt = cluster.now();
  const lines: RecordedLine[] = [];
  const seconds = (): number => (cluster.now() - startedAt) / 1_000;
  for (const resource of RESOURCES) {
    for (const object of cluster.store.list(resource, namespace)) {
      lines.push({ t: seconds(), resource, type: "LIST", object });
    }
    cluster.store.subscribe(resource, ({ type, object }) => {
      if (object.metadata.namespace === namespace) lines.push({ t: seconds(), resource, type, object });
    });
  }
  return { lines, mark: (text) => lines.push({ t: seconds(), mark: text }) };
}
