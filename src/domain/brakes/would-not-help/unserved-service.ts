// The way back is closed: a Service was changed together with the release, and would not reach the old pods. Pure.
import { nameRevision } from "../../history/revisions.ts";
import { hasServed, selects, unmatchedLabels } from "../../rollout/services.ts";
import { countedServices } from "../../services/counted-services.ts";
import { unservedPorts } from "../../services/service-ports.ts";
import { isOfOtherVersion } from "../../services/version-services.ts";
import type { ServiceView } from "../../snapshot/service.ts";
import type { TemplateView } from "../../snapshot/template.ts";
import type { Objection } from "./objection.ts";

export const unservedService: Objection = ({ services, snapshot, revision }, _headline, target) => {
  for (const service of services) {
    if (!hasServed(snapshot, service) || Object.keys(service.selector).length === 0) continue;
    // What the Service does not give the new pods either is no reason to keep them.
    if (!selects(service, revision.template.labels)) continue;
    if (isOfOtherVersion(service, countedServices(snapshot), target.template.labels)) continue;
    const labels = unmatchedLabels(service, target.template.labels);
    if (labels.length > 0) {
      return `Service ${service.name} would not select the pods of ${nameRevision(target)} (they lack ${labels.join(", ")}). The Service was changed with the release; change it back first.`;
    }
    const ports = closedPorts(service, revision.template, target.template);
    if (ports.length > 0) {
      return `Service ${service.name} sends to port ${ports.join(", ")}, which the pods of ${nameRevision(target)} do not have. The Service was changed with the release; change it back first.`;
    }
  }
  return undefined;
};

/** The ports of the Service that the new template has and the old one has not. */
function closedPorts(
  service: ServiceView,
  present: TemplateView,
  target: TemplateView,
): readonly (string | number)[] {
  const named = unservedPorts(service, target).filter(
    (port) => !unservedPorts(service, present).includes(port),
  );
  if (named.length > 0) return named;
  const declares = ({ containers }: TemplateView, number: number) =>
    containers.some(({ ports }) => ports.some(({ port }) => port === number));
  const numbers = service.ports.flatMap(({ targetPort }) =>
    typeof targetPort === "number" ? [targetPort] : [],
  );
  const moved = numbers.filter((number) => declares(present, number) && !declares(target, number));
  const declaresAny = target.containers.some(({ ports }) => ports.length > 0);
  return declaresAny && moved.length === service.ports.length ? moved : [];
}
