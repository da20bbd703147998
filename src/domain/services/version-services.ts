// Services of one version each, as `checkout-v1` and `checkout-v2`: a release empties one of them by design. Pure.
import { hasLabels, type Labels, missingLabels } from "../labels.ts";
import type { EndpointChange, ServiceView } from "../snapshot/service.ts";

/** Labels by which people tell versions of one workload apart, without their prefix. */
const VERSION_LABEL =
  /^(version|release|revision|rev|build|commit|sha|tag|image-tag|track|colou?r|slot|deployment-id)$/;
/** As v1, v2-rc1 or 1.4.2; a plain number can be a shard. */
const VERSION_VALUE = /^(v\d|\d+\.\d)/i;

/**
 * The Services as a rollout to pods with these labels is measured by them. One of another version counts with those of its
 * family: what the new version's Service has gained is not lost. One without a family, whose name says its version, does
 * not count while another Service selects the new pods.
 * @param peers the Services of the workload that can make up for one
 */
export function withoutVersionsLeft(
  services: readonly ServiceView[],
  peers: readonly ServiceView[],
  labels: Labels,
): readonly ServiceView[] {
  return services.flatMap((service) => {
    if (!isOfOtherVersion(service, peers, labels)) return [service];
    const family = peers.filter((peer) => isSameFamily(service, peer));
    return family.some(({ selector }) => hasLabels(labels, selector)) ? [summed(service, family)] : [];
  });
}

/** Whether the Service selects a version of the workload that these labels are not of, and another one serves these. */
export function isOfOtherVersion(
  service: ServiceView,
  peers: readonly ServiceView[],
  labels: Labels,
): boolean {
  const missing = Object.entries(missingLabels(labels, service.selector));
  if (missing.length === 0 || !missing.every(([key, value]) => isVersion(key, value, labels[key]))) {
    return false;
  }
  const serving = peers.filter(({ name, selector }) => name !== service.name && serves(selector, labels));
  return serving.some(
    (peer) => isSameFamily(service, peer) || missing.some(([, value]) => namesVersion(service.name, value)),
  );
}

/** Whether the label says a version, and the new pods have another one. */
function isVersion(key: string, former: string, present: string | undefined): boolean {
  if (present === undefined) return false;
  const name = key.slice(key.lastIndexOf("/") + 1);
  return VERSION_LABEL.test(name) || (VERSION_VALUE.test(former) && VERSION_VALUE.test(present));
}

/** As `checkout-v1` names v1, and `checkout` does not. */
function namesVersion(name: string, version: string): boolean {
  return name.split("-").includes(version) || name.endsWith(`-${version.replaceAll(".", "-")}`);
}

/** Their selectors differ by nothing but versions. */
function isSameFamily(a: ServiceView, b: ServiceView): boolean {
  const keys = Object.keys(a.selector);
  return (
    keys.length === Object.keys(b.selector).length &&
    Object.entries(missingLabels(b.selector, a.selector)).every(([key, value]) =>
      isVersion(key, value, b.selector[key]),
    )
  );
}

function serves(selector: Labels, labels: Labels): boolean {
  return Object.keys(selector).length > 0 && hasLabels(labels, selector);
}

/** The Service with the endpoints of its whole family. */
function summed(service: ServiceView, family: readonly ServiceView[]): ServiceView {
  const readyEndpoints = family.reduce((sum, one) => sum + one.readyEndpoints, 0);
  if (readyEndpoints === service.readyEndpoints) return service;
  const changes = summedChanges(family.map((one) => one.changes ?? []));
  return { ...service, readyEndpoints, changes, emptySinceAt: undefined, sawLoss: undefined };
}

function summedChanges(histories: readonly (readonly EndpointChange[])[]): readonly EndpointChange[] {
  const instants = [...new Set(histories.flat().map(({ at }) => at))].sort((a, b) => a - b);
  return instants.map((at) => ({
    at,
    ready: histories.reduce(
      (sum, history) => sum + (history.findLast((change) => change.at <= at)?.ready ?? 0),
      0,
    ),
  }));
}
