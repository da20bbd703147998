// What a person wants to see of a cluster when a test on it failed: Events, guards, Incidents, pods, and the operator's log.
import type { Kubectl } from "./kubectl.ts";
import { operatorLogs } from "./operator-pods.ts";

const LAST_LOG_LINES = 400;

const COMMANDS: readonly (readonly string[])[] = [
  ["get", "nodes", "-o", "wide"],
  ["get", "deployments,replicasets,pods", "--all-namespaces", "-o", "wide"],
  ["get", "rolloutguards", "--all-namespaces", "-o", "wide"],
  ["get", "incidents", "--all-namespaces", "-o", "yaml"],
  ["get", "events", "--all-namespaces", "--sort-by=.lastTimestamp", "-o", "wide"],
  ["get", "leases", "--all-namespaces", "-o", "wide"],
];

/** A text. What cannot be had is told in its place. */
export async function diagnose(kubectl: Kubectl): Promise<string> {
  const parts: string[] = [];
  for (const words of COMMANDS) {
    const answer = await kubectl(words).catch(String);
    parts.push(`--- kubectl ${words.join(" ")}\n${answer.trimEnd()}`);
  }
  const logs = await operatorLogs(kubectl).catch((error: unknown) => new Map([["-", String(error)]]));
  for (const [pod, log] of logs) {
    const lines = log.trimEnd().split("\n");
    parts.push(`--- the log of ${pod}, its last lines\n${lines.slice(-LAST_LOG_LINES).join("\n")}`);
  }
  return `${parts.join("\n\n")}\n`;
}
