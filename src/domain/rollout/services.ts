// Which Services a rollout must keep alive. Pure.
import { isOpen } from "../../api/incident.ts";
import type { RolloutGuardStatus } from "../../api/rollout-guard.ts";
import { knownServices } from "../history/known-services.ts";
import { hasLabels, type Labels, labelPairs, missingLabels } from "../labels.ts";
import { countedServices } from "../services/counted-services.ts";
import { isOfOtherVersion, withoutVersionsLeft } from "../services/version-services.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import type { ServiceView } from "../snapshot/service.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

/** As many as the status may hold. */
const REMEMBERED_LIMIT = 50;

/**
 * The bound Services: those the guard names; else those that selected the pods of the baseline (matching by the
 * new labels would hide exactly the fault of a lost label), and those remembered from before the rollout.
 * Without a baseline: those that select the new pods. ExternalName and selectorless Services have no pods to lose,
 * unless the guard names them. Those of a version each are measured together.
 */
export function boundServices(
  snapshot: Snapshot,
  revision: RevisionView,
  baseline: RevisionView | undefined,
): readonly ServiceView[] {
  const { guard } = snapshot;
  const peers = countedServices(snapshot);
  const remembered = (guard.status.services ?? []).map(({ name }) => name);
  const labels = (baseline ?? revision).template.labels;
  const isNamed = "valid" in guard.spec && guard.spec.valid.services !== undefined;
  const bound = peers.filter(
    (service) =>
      isNamed || (hasSelector(service) && (remembered.includes(service.name) || selects(service, labels))),
  );
  return withoutVersionsLeft(bound, peers, revision.template.labels);
}

/** A Service and how many ready endpoints of the workload it had. */
type RememberedService = NonNullable<RolloutGuardStatus["services"]>[number];

/**
 * The Services that serve the workload, with their endpoints while all is well: what the next rollout is compared with. In
 * the middle of a rollout what was remembered stands, and it gets less only when nothing has moved for a while (`settled`). One that never had an endpoint of
 * the workload is not among them, whatever it selects; nor is one of another version.
 */
export function servicesToRemember(
  snapshot: Snapshot,
  { revision, baseline }: { readonly revision: RevisionView; readonly baseline: RevisionView | undefined },
  state: "well" | "settled" | "other",
): readonly RememberedService[] {
  const remembered = new Map(
    (snapshot.guard.status.services ?? []).map((service) => [service.name, service]),
  );
  if (state !== "other") {
    const bound = boundServices(snapshot, revision, baseline);
    const present = boundServices(snapshot, revision, revision);
    const peers = countedServices(snapshot);
    const serving = [...bound, ...present].filter(
      (service) => !isOfOtherVersion(service, peers, revision.template.labels),
    );
    for (const { name, readyEndpoints } of serving) {
      // Slices and the workload's status come by different watches: fewer endpoints count only when all is at rest.
      const least = state === "settled" ? 1 : (remembered.get(name)?.endpoints ?? 1);
      if (readyEndpoints >= least) remembered.set(name, { name, endpoints: readyEndpoints });
    }
    for (const name of remembered.keys()) {
      if (!serving.some((service) => service.name === name)) remembered.delete(name);
    }
  }
  return [...remembered.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).slice(0, REMEMBERED_LIMIT);
}

/**
 * Whether the Service is known to have served pods of the workload: remembered in status, named in the guard's spec, or seen with
 * an endpoint. Only such a one can be lost.
 */
export function hasServed(
  { guard, incidents }: Pick<Snapshot, "guard" | "incidents">,
  { name, readyEndpoints, sawLoss, changes = [] }: ServiceView,
): boolean {
  // An Incident that is open outlives the guard that saw the loss.
  const isLost = incidents.some(
    (incident) =>
      isOpen(incident) &&
      incident.spec.findings.some(
        ({ check, evidence }) =>
          check === "emptyEndpoints" && evidence.some((line) => line.startsWith(`Service ${name}:`)),
      ),
  );
  return (
    readyEndpoints > 0 ||
    sawLoss === true ||
    changes.some(({ ready }) => ready > 0) ||
    knownServices(guard).has(name) ||
    isLost
  );
}

/** Whether the Service's selector admits pods with these labels. */
export function selects(service: Pick<ServiceView, "selector">, labels: Labels): boolean {
  return hasSelector(service) && hasLabels(labels, service.selector);
}

/** The labels of the selector that pods with these labels lack, as "tier=backend". */
export function unmatchedLabels(service: Pick<ServiceView, "selector">, labels: Labels): readonly string[] {
  return labelPairs(missingLabels(labels, service.selector));
}

/** "Service a has" or "Services a, b have": how a sentence about them begins. */
export function servicesHave(services: readonly Pick<ServiceView, "name">[]): string {
  const names = services.map(({ name }) => name).join(", ");
  return services.length === 1 ? `Service ${names} has` : `Services ${names} have`;
}

function hasSelector(service: Pick<ServiceView, "selector">): boolean {
  return Object.keys(service.selector).length > 0;
}
