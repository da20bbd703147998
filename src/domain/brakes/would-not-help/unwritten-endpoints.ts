// Selector and port match ready pods, and the Service has no endpoint: the endpoint controller or the API server is behind. Pure.
import { unmatchedLabels } from "../../rollout/services.ts";
import { unservedPorts } from "../../services/service-ports.ts";
import type { Objection } from "./objection.ts";

export const unwrittenEndpoints: Objection = ({ services, revision }, headline) => {
  if (headline.reason !== "EmptyEndpoints") return undefined;
  const empty = services.filter(({ readyEndpoints }) => readyEndpoints === 0);
  const isExplained = ({ selector, ports }: (typeof services)[number]) =>
    unmatchedLabels({ selector }, revision.template.labels).length > 0 ||
    unservedPorts({ ports }, revision.template).length > 0;
  if (empty.length === 0 || empty.some(isExplained)) return undefined;
  const names = empty.map(({ name }) => name).join(", ");
  return `The pods are ready and match the selector and ports of Service ${names}, but it has no endpoints for them. Check whether the EndpointSlice controller (in kube-controller-manager) is running.`;
};
