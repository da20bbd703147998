// Services without an endpoint although the new pods are ready: everything is "Running", and nobody is served. Pure.
import { isWidespread, widespreadSince } from "../rollout.ts";
import { unmatchedLabels } from "../services.ts";
import { type Check, healthy, lasting, told } from "./fault.ts";

export const emptyEndpoints: Check = (rollout, now) => {
  const { policy, pods, services, startedAt, baseline, revision } = rollout;
  if (!policy.spec.checks.emptyEndpoints.enabled) return healthy("emptyEndpoints");
  // Without ready pods an empty Service is the consequence of another fault, or of a node that was lost.
  const ready = pods.filter(({ isReady }) => isReady);
  if (!isWidespread(ready, pods)) return healthy("emptyEndpoints");
  const readySinceAt = widespreadSince(
    ready.map(({ readyChangedAt }) => readyChangedAt),
    pods.length,
  );
  const empty = services.flatMap((service) => {
    if (service.readyEndpoints > 0 || service.emptySinceAt === undefined) return [];
    // Empty since before the rollout: not this rollout's doing, unless there was nothing before it.
    if (baseline && service.emptySinceAt + 1_000 < startedAt) return [];
    return [{ service, sinceAt: Math.max(service.emptySinceAt, readySinceAt) }];
  });
  const [first] = [...empty].sort((a, b) => a.sinceAt - b.sinceAt);
  if (!first) return healthy("emptyEndpoints");
  const missing = unmatchedLabels(first.service, revision.template.labels);
  const because =
    missing.length > 0
      ? `; its selector asks for ${missing.join(", ")}, which the new pods do not have`
      : "; its selector matches the new pods";
  const fault = {
    sinceAt: first.sinceAt,
    ...told(
      "EmptyEndpoints",
      `${ready.length} of ${pods.length} pods are ready, and Service ${first.service.name} has no endpoint${because}`,
      [
        ...empty.map(
          ({ service }) =>
            `Service ${service.name}: 0 ready endpoints, selector ${selectorText(service.selector)}`,
        ),
        `pods of ${revision.name} have the labels ${selectorText(revision.template.labels)}`,
      ],
    ),
  };
  return lasting("emptyEndpoints", fault, first.sinceAt + policy.emptyEndpointsMs, now);
};

function selectorText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([label, value]) => `${label}=${value}`)
    .join(",");
}
