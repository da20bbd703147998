// Services without an endpoint, or without one for a port, although the new pods are ready: everything is "Running", and
// nobody is served. Pure.
import { labelsText } from "../labels.ts";
import { endpointsBefore } from "../rollout/loss.ts";
import { isMajority, widespreadSince } from "../rollout/pods.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { hasServed, selects, unmatchedLabels } from "../rollout/services.ts";
import { lostPorts, unservedPorts } from "../services/service-ports.ts";
import type { PartialPort, ServiceView } from "../snapshot/service.ts";
import { type Check, fault, groundsIn, healthy, lasting } from "./fault.ts";
import { foreseenEndpoints, URGENT_MS } from "./foreseen-endpoints.ts";
import { countsAt, patienceWith } from "./urgency.ts";

/** How long after completion the old pods' endpoints may still go. */
const AFTERMATH_MS = 30_000;
/**
 * Where selector and port match the pods, their endpoints are on the way: a busy kubelet was seen to report a pod 25 s
 * after the time that it named as the one when it became ready, and the endpoints come after that.
 */
const MATCHING_FACTOR = 4;

/** A Service that lost its endpoints in this rollout. */
interface LostService {
  readonly service: ServiceView;
  /** What of its selector the new pods lack, and which of its ports they do not have. */
  readonly missing: readonly string[];
  readonly ports: readonly string[];
  /** The first of its ports that it has lost, while others are served. */
  readonly lostPort: PartialPort | undefined;
  /** Selector or ports say why. */
  readonly isProven: boolean;
  readonly sinceAt: number;
  readonly untilAt: number;
}

export const emptyEndpoints: Check = (rollout, now) => {
  const { policy, pods, services, revision } = rollout;
  if (!policy.spec.checks.emptyEndpoints.enabled) return healthy("emptyEndpoints");
  // Without ready pods an empty Service is the consequence of another fault, or of a node that was lost.
  const ready = pods.filter(({ isReady }) => isReady);
  if (!isMajority(ready, pods)) return foreseenEndpoints(rollout, undefined, now);
  const readySinceAt = widespreadSince(
    ready.map(({ readyChangedAt }) => readyChangedAt),
    pods.length,
  );
  const lost = services.flatMap((service) => lostService(rollout, service, readySinceAt) ?? []);
  const [first] = [...lost].sort((a, b) => a.untilAt - b.untilAt);
  if (!first) return foreseenEndpoints(rollout, readySinceAt, now);
  const found = {
    sinceAt: first.sinceAt,
    ...(lost.some(({ isProven }) => isProven) && { isSuspicious: true }),
    restsOn: groundsIn(rollout, "pods", "endpoints"),
    ...fault(
      "EmptyEndpoints",
      `${ready.length} of ${pods.length} pods are ready, but Service ${first.service.name} has ${endpointsOf(first)}${because(first)}`,
      [
        ...lost.map(
          ({ service, lostPort }) =>
            `Service ${service.name}: ${service.readyEndpoints} ready endpoints${lostPort ? `, ${lostPort.readyEndpoints} with port ${lostPort.targetPort}` : ""}, selector ${labelsText(service.selector)}`,
        ),
        `pods of ${revision.source.name} have the labels ${labelsText(revision.template.labels)}`,
      ],
    ),
  };
  return lasting("emptyEndpoints", found, first.untilAt, now);
};

function endpointsOf({ service, lostPort }: LostService): string {
  const { readyEndpoints } = lostPort ?? service;
  const port = lostPort ? ` for port ${lostPort.targetPort}` : "";
  if (readyEndpoints === 0) return `no endpoints${port}`;
  return readyEndpoints === 1
    ? `only 1 endpoint left${port}`
    : `only ${readyEndpoints} endpoints left${port}`;
}

function because({ missing, ports, lostPort }: LostService): string {
  if (lostPort !== undefined) return ": no container of the new pods has this port";
  if (missing.length > 0)
    return `: its selector requires ${missing.join(", ")}, which the new pods do not have`;
  if (ports.length > 0)
    return `: it sends to port ${ports.join(", ")}, which no container of the new pods has`;
  return ": its selector matches the new pods, but they have no endpoints yet";
}

function lostService(rollout: Rollout, service: ServiceView, readySinceAt: number): LostService | undefined {
  const { revision, policy } = rollout;
  if (!hasServed(rollout.snapshot, service)) return undefined;
  const missing = unmatchedLabels(service, revision.template.labels);
  const ports = missing.length > 0 ? [] : unservedPorts(service, revision.template);
  const lostPort = missing.length > 0 ? undefined : mostlyLostPort(rollout, service);
  const lostAt =
    service.readyEndpoints > 0
      ? lostPort
        ? rollout.startedAt
        : mostlyLostAt(rollout, service, missing)
      : emptyBecauseOf(rollout, service, ports);
  if (lostAt === undefined) return undefined;
  const sinceAt = Math.max(lostAt, readySinceAt);
  const isProven = missing.length > 0 || ports.length > 0 || lostPort !== undefined;
  const explicitMs = policy.emptyEndpointsMs;
  const factor = isProven ? 1 : MATCHING_FACTOR;
  const patience = patienceWith(
    "mistake",
    URGENT_MS * factor,
    explicitMs === undefined ? undefined : explicitMs * factor,
  );
  return {
    service,
    missing,
    ports,
    lostPort,
    isProven,
    sinceAt,
    untilAt: countsAt(rollout, sinceAt, patience),
  };
}

/** A port that the rollout took away from the pods, and that at most half of the endpoints before still have. */
function mostlyLostPort(rollout: Rollout, service: ServiceView): PartialPort | undefined {
  const { snapshot, workload, revision, baseline } = rollout;
  const desired = workload.desiredReplicas;
  const before = endpointsBefore(snapshot.guard.status, service, desired) ?? service.readyEndpoints;
  return lostPorts(service, revision.template, baseline?.template).find(
    ({ readyEndpoints }) => readyEndpoints * 2 <= before,
  );
}

/**
 * Since when the Service is empty, if it can be this rollout's doing. Not: empty since before the rollout, unless there
 * was nothing before it; emptied long after completion, for the labels of pods that are still ready did not change then.
 * Where labels or ports alone tell it, it does not matter how late the loss is seen: watches and endpoint controllers lag.
 */
function emptyBecauseOf(
  rollout: Rollout,
  service: ServiceView,
  ports: readonly string[],
): number | undefined {
  const { startedAt, completedAt, baseline } = rollout;
  const { emptySinceAt, sawLoss } = service;
  if (emptySinceAt === undefined) return undefined;
  if (baseline && emptySinceAt + 1_000 < startedAt) return undefined;
  const isLate = sawLoss && completedAt !== undefined && emptySinceAt > completedAt + AFTERMATH_MS;
  const isItsDoing = isLostByLabels(rollout, service) || ports.length > 0;
  return isLate && !isItsDoing ? undefined : emptySinceAt;
}

/** Since when a Service that will not select the new pods keeps at most half of the endpoints that it had. */
function mostlyLostAt(
  rollout: Rollout,
  service: ServiceView,
  missing: readonly string[],
): number | undefined {
  const { snapshot, workload, startedAt } = rollout;
  const before = endpointsBefore(snapshot.guard.status, service, workload.desiredReplicas);
  if (missing.length === 0 || before === undefined || !isLostByLabels(rollout, service)) return undefined;
  if (service.readyEndpoints * 2 > before) return undefined;
  const changes = (service.changes ?? []).toReversed();
  const still = changes.findIndex(({ ready }) => ready * 2 > before);
  const below = still < 0 ? changes : changes.slice(0, still);
  return Math.max(startedAt, below.at(-1)?.at ?? startedAt);
}

/** The Service would select the pods of the baseline, and does not select the new ones. */
function isLostByLabels({ baseline, revision }: Rollout, service: ServiceView): boolean {
  return (
    baseline !== undefined &&
    selects(service, baseline.template.labels) &&
    !selects(service, revision.template.labels)
  );
}
