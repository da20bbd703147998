// Which Services a rollout must keep alive. Pure.
import { hasLabels, type Labels, labelPairs, missingLabels } from "../labels.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import type { ServiceView } from "../snapshot/service.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

/** As many as the status may hold. */
const REMEMBERED_LIMIT = 50;

/**
 * The bound Services: those the guard names; else those that selected the pods of the baseline (matching by the
 * new labels would hide exactly the fault of a lost label), and those remembered from before the rollout.
 * Without a baseline: those that select the new pods. ExternalName and selectorless Services have no pods to lose,
 * unless the guard names them.
 */
export function boundServices(
  snapshot: Snapshot,
  revision: RevisionView,
  baseline: RevisionView | undefined,
): readonly ServiceView[] {
  const { guard, services } = snapshot;
  const named = "valid" in guard.spec ? guard.spec.valid.services : undefined;
  if (named) return services.filter((service) => named.includes(service.name) && !service.isExternalName);
  const remembered = guard.status.services ?? [];
  const labels = (baseline ?? revision).template.labels;
  return services.filter(
    (service) =>
      !service.isExternalName &&
      hasSelector(service) &&
      (remembered.includes(service.name) || selects(service, labels)),
  );
}

/**
 * The bound Services that have endpoints while all is well: the baseline for the next rollout. In the middle of a
 * rollout, and while one of them is empty, what was remembered stands.
 */
export function servicesToRemember(
  snapshot: Snapshot,
  { revision, baseline }: { readonly revision: RevisionView; readonly baseline: RevisionView | undefined },
  isWell: boolean,
): readonly string[] {
  const remembered = snapshot.guard.status.services;
  const bound = boundServices(snapshot, revision, baseline);
  const areServing = isWell && bound.every(({ readyEndpoints }) => readyEndpoints > 0);
  if (remembered && !areServing) return remembered;
  const present = areServing ? boundServices(snapshot, revision, revision) : [];
  const names = [...bound, ...present]
    .filter(({ readyEndpoints }) => readyEndpoints > 0 || !areServing)
    .map(({ name }) => name);
  return [...new Set(names)].sort().slice(0, REMEMBERED_LIMIT);
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
