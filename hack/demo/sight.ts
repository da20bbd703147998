// What somebody who looks at an application's objects sees at one moment. Reads the simulated cluster, changes nothing.

import type { ClusterObjects } from "@rolloutguard/simulated-cluster";
import type { ContainerStatus, Deployment, Pod } from "@rolloutguard/simulated-cluster/objects";
import { ANNOTATIONS } from "../../src/api/group.ts";
import type { IncidentSpec, IncidentStatus } from "../../src/api/incident.ts";
import type { RolloutGuardStatus } from "../../src/api/rollout-guard.ts";
import { NAMESPACE } from "./scenarios/manifests.ts";

export interface IncidentObject {
  readonly metadata: { readonly name: string; readonly namespace?: string | undefined };
  readonly spec: IncidentSpec;
  readonly status?: IncidentStatus | undefined;
}

/** One revision of the Deployment with its pods; those being deleted do not count. */
export interface RevisionSight {
  readonly hash: string;
  readonly image: string;
  readonly pods: number;
  readonly running: number;
  readonly ready: number;
  /** How often the pod with the most failures has failed. */
  readonly failures: number;
  /** How the last container ended: "exit code 1: its last words". */
  readonly lastExit: string | undefined;
}

export interface Sight {
  /** Epoch ms of the cluster. */
  readonly at: number;
  /** Pods that the Deployment wants. */
  readonly wanted: number;
  /** When the operator last patched the Deployment back, RFC 3339: its annotation says so. */
  readonly rolledBackAt: string | undefined;
  /** Ready endpoints of the Service. */
  readonly endpoints: number;
  /** The revision that the Deployment rolled out last. */
  readonly newest: RevisionSight | undefined;
  /** What the kubelet says of failing probes of the newest revision's pods. */
  readonly probeFailure: string | undefined;
  /** The guard's condition Healthy. */
  readonly guard: { readonly reason: string; readonly message: string } | undefined;
  /** Oldest first. */
  readonly incidents: readonly IncidentObject[];
}

/** Looks at the Deployment, Service and guard of this name. */
export function lookAt(objects: ClusterObjects, application: string): Sight {
  const deployment = objects.get("deployments", NAMESPACE, application);
  const pods = objects.list("pods", NAMESPACE).filter((pod) => pod.metadata.deletionTimestamp === undefined);
  const newest = deployment && newestRevision(objects, deployment, pods);
  return {
    at: objects.now(),
    wanted: deployment?.spec.replicas ?? 0,
    rolledBackAt: deployment?.metadata.annotations?.[ANNOTATIONS.rolledBackAt],
    endpoints: readyEndpoints(objects, application),
    newest,
    probeFailure: newest && probeFailure(objects, pods, newest.hash),
    guard: healthyCondition(objects, application),
    incidents: incidentsOf(objects, application),
  };
}

function newestRevision(
  objects: ClusterObjects,
  { metadata }: Deployment,
  allPods: readonly Pod[],
): RevisionSight | undefined {
  const numberOf = (annotations: Readonly<Record<string, string>> = {}) =>
    Number(annotations["deployment.kubernetes.io/revision"] ?? 0);
  const [newest] = [...objects.ownedBy("replicasets", metadata.uid)].sort(
    (a, b) => numberOf(b.metadata.annotations) - numberOf(a.metadata.annotations),
  );
  if (newest === undefined) return undefined;
  const pods = allPods.filter(({ metadata: { ownerReferences = [] } }) =>
    ownerReferences.some(({ uid }) => uid === newest.metadata.uid),
  );
  const containers = pods.flatMap(({ status }) => status.containerStatuses ?? []);
  return {
    hash: newest.metadata.labels?.["pod-template-hash"] ?? "",
    image: newest.spec.template.spec.containers[0]?.image ?? "",
    pods: pods.length,
    running: pods.filter(({ status }) => status.phase === "Running").length,
    ready: pods.filter(isReady).length,
    failures: Math.max(0, ...containers.map(failuresOf)),
    lastExit: containers.map(exitOf).findLast((exit) => exit !== undefined),
  };
}

function isReady({ status }: Pod): boolean {
  return (
    status.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True") ?? false
  );
}

/** Restarts, and one more while it lies ended and is not restarted yet. */
function failuresOf({ restartCount, state, lastState }: ContainerStatus): number {
  const hasEnded = state.terminated !== undefined || (state.waiting && lastState.terminated) !== undefined;
  return restartCount + (hasEnded ? 1 : 0);
}

function exitOf({ state, lastState }: ContainerStatus): string | undefined {
  const end = state.terminated ?? lastState.terminated;
  if (end === undefined || end.exitCode === 0) return undefined;
  return `exit code ${end.exitCode}${end.message ? `: ${end.message}` : ""}`;
}

function probeFailure(objects: ClusterObjects, pods: readonly Pod[], hash: string): string | undefined {
  const uids = new Set(
    pods
      .filter(({ metadata }) => metadata.labels?.["pod-template-hash"] === hash)
      .map(({ metadata }) => metadata.uid),
  );
  const events = objects.list("events", NAMESPACE);
  return events.find(({ reason, involvedObject }) => reason === "Unhealthy" && uids.has(involvedObject.uid))
    ?.message;
}

function readyEndpoints(objects: ClusterObjects, service: string): number {
  const slices = objects
    .list("endpointslices", NAMESPACE)
    .filter(({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === service);
  return slices.flatMap(({ endpoints }) => endpoints ?? []).filter(({ conditions }) => conditions.ready)
    .length;
}

function healthyCondition(objects: ClusterObjects, guard: string): Sight["guard"] {
  const status = objects.get("rolloutguards", NAMESPACE, guard)?.status as RolloutGuardStatus | undefined;
  return status?.conditions?.find(({ type }) => type === "Healthy");
}

function incidentsOf(objects: ClusterObjects, application: string): readonly IncidentObject[] {
  const incidents = objects.list("incidents", NAMESPACE) as readonly unknown[] as readonly IncidentObject[];
  return incidents
    .filter(({ spec }) => spec.target.name === application)
    .sort((a, b) => Date.parse(a.spec.detectedAt) - Date.parse(b.spec.detectedAt));
}
