// What a scenario is worth to a report: how many seconds lay between the change and what came of it.

import type { Deployment } from "@rolloutguard/simulated-cluster/objects";
import type { Facts } from "../../hack/generate/real-cluster/results.ts";
import type { IncidentSpec, IncidentStatus } from "../../src/api/incident.ts";
import type { Mirror } from "../clusters/mirror.ts";
import { SHOP } from "../testing/shop.ts";
import type { Deed } from "./story/deeds.ts";
import { foreignChanges } from "./story/foreign-changes.ts";
import { isComplete, readyIn, serviceOf } from "./story/sight.ts";

/** Of the last change before the first Incident; without one, of the last change. */
export function factsOf(mirror: Mirror, namespace: string, deeds: readonly Deed[]): Facts {
  const incidents = mirror.changes("incidents", namespace).filter(({ object }) => {
    return (object.spec as IncidentSpec).target.name === SHOP;
  });
  const opened = incidents.find(({ type }) => type === "ADDED");
  const ours = deeds.filter(({ deployment }) => deployment === SHOP);
  const change = ours.findLast(({ at }) => opened === undefined || at <= opened.at);
  const deployments = mirror.changes("deployments", namespace).filter(({ object }) => {
    return object.metadata.name === SHOP;
  });
  const progressDeadlineSeconds = deployments.at(-1)?.object.spec.progressDeadlineSeconds ?? 600;
  if (change === undefined) return { progressDeadlineSeconds };

  const seconds = (at: number | undefined) => at && Math.max(0, Math.round((at - change.at) / 100) / 10);
  const patch = foreignChanges(mirror, namespace, SHOP, deeds).find(
    ({ at, isTemplate }) => isTemplate && at >= change.at,
  );
  const endpoints = readyEndpointsOverTime(mirror, namespace);
  const restored = patch && whenRestored(deployments, endpoints, patch);
  const last = incidents.at(-1)?.object;
  const status = last?.status as IncidentStatus | undefined;
  const spec = last?.spec as IncidentSpec | undefined;
  const signs = spec ? firstSigns(mirror, namespace, spec, change.at) : [];
  const recovered = incidents.find(({ object }) => phaseIn(object.status) === "Recovered");
  const verdict = deployments.find(({ object, at }) => at >= change.at && isPastDeadline(object));
  const isCalledComplete = deployments.some(
    ({ object, at }) =>
      (patch === undefined || at < patch.at) &&
      object.metadata.generation === change.generation &&
      isComplete(object),
  );
  const counts = endpoints.filter(({ at }) => at >= change.at).map(({ ready }) => ready);
  return withoutUndefined({
    incident: spec &&
      last && {
        name: last.metadata.name,
        reason: spec.reason,
        message: spec.message,
        phase: status?.phase,
        rootCause: status?.rootCause,
      },
    secondsToFirstSign: signs.length > 0 ? seconds(Math.min(...signs)) : undefined,
    secondsToIncident: seconds(opened?.at),
    secondsToPatch: seconds(patch?.at),
    secondsToRestored: seconds(restored),
    secondsToRecovered: seconds(recovered?.at),
    secondsToKubernetesVerdict: seconds(verdict?.at),
    progressDeadlineSeconds,
    isCalledComplete: isCalledComplete || undefined,
    fewestEndpoints: counts.length > 0 ? Math.min(...counts) : undefined,
  });
}

/**
 * When the API first showed that something is wrong: a Warning about the application's pods or ReplicaSets, or what a
 * finding is about. That of NotReady begins with the container, which is no sign yet; where a rollout was complete
 * before it failed, the warnings of its start were none.
 */
function firstSigns(mirror: Mirror, namespace: string, spec: IncidentSpec, after: number): number[] {
  const wasWell = spec.findings.some(({ reason }) => reason === "Degraded");
  const warnings = mirror
    .changes("events", namespace)
    .filter(({ object, at }) => at >= after && object.type === "Warning")
    .filter(({ object: { involvedObject } }) => involvedObject.name.startsWith(`${SHOP}-`))
    .map(({ at }) => at);
  const findings = spec.findings
    .filter(({ reason }) => reason !== "NotReady")
    .map(({ since }) => Date.parse(since));
  return wasWell ? findings : [...warnings.slice(0, 1), ...findings];
}

interface ReadyCount {
  readonly at: number;
  readonly ready: number;
}

function readyEndpointsOverTime(mirror: Mirror, namespace: string): ReadyCount[] {
  const slices = new Map<string, number>();
  const counts: ReadyCount[] = [];
  for (const { type, object, at } of mirror.changes("endpointslices", namespace)) {
    if (serviceOf(object) !== SHOP) continue;
    slices.set(object.metadata.name, type === "DELETED" ? 0 : readyIn([object]));
    counts.push({ at, ready: [...slices.values()].reduce((sum, ready) => sum + ready, 0) });
  }
  return counts;
}

/** The first moment after the patch at which the Deployment is complete and all its replicas are endpoints. */
function whenRestored(
  deployments: readonly { readonly at: number; readonly object: Deployment }[],
  endpoints: readonly ReadyCount[],
  patch: { readonly generation: number },
): number | undefined {
  for (const { at, object } of deployments) {
    if ((object.metadata.generation ?? 0) < patch.generation || !isComplete(object)) continue;
    const isServed = ({ ready }: ReadyCount) => ready >= object.spec.replicas;
    const atThatTime = endpoints.findLast((count) => count.at <= at);
    return atThatTime && isServed(atThatTime)
      ? at
      : endpoints.find((count) => count.at > at && isServed(count))?.at;
  }
  return undefined;
}

function isPastDeadline({ status }: Deployment): boolean {
  return status?.conditions?.some(({ reason }) => reason === "ProgressDeadlineExceeded") ?? false;
}

function phaseIn(status: unknown): string | undefined {
  return (status as IncidentStatus | undefined)?.phase;
}

function withoutUndefined<T extends object>(facts: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as never;
}
