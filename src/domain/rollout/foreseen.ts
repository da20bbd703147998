// What specs alone prove at the moment of the change: what the Services will lose, and which probes cannot be asked. Pure.
import { countedServices } from "../services/counted-services.ts";
import { portNames } from "../services/service-ports.ts";
import { isOfOtherVersion } from "../services/version-services.ts";
import type { ServiceView } from "../snapshot/service.ts";
import type { ContainerTemplateView, TemplateView } from "../snapshot/template.ts";
import type { Rollout } from "./rollout.ts";
import { hasServed, selects, unmatchedLabels } from "./services.ts";

/** A Service that still has endpoints, and gets none of the new pods. */
export interface ForeseenLoss {
  readonly service: ServiceView;
  /** What of its selector the new pods lack. */
  readonly labels: readonly string[];
  /** The named ports to which it sends, that containers had before, and that none has any more. */
  readonly ports: readonly string[];
}

/**
 * The Services that lose endpoints, or endpoints of a port, with each old pod that goes. Not one that served no pod of the workload,
 * that did not select the old pods either, or that belongs to another version.
 */
export function foreseenLosses(rollout: Rollout): readonly ForeseenLoss[] {
  const { baseline, completedAt, revision, services, snapshot } = rollout;
  if (baseline === undefined || completedAt !== undefined) return [];
  const { template } = revision;
  const peers = countedServices(snapshot);
  return services
    .filter((service) => service.readyEndpoints > 0 && hasServed(snapshot, service))
    .filter((service) => selects(service, baseline.template.labels))
    .filter((service) => !isOfOtherVersion(service, peers, template.labels))
    .map((service) => {
      const labels = unmatchedLabels(service, template.labels);
      const ports = labels.length > 0 ? [] : portsGone(service, baseline.template, template);
      return { service, labels, ports };
    })
    .filter(({ labels, ports }) => labels.length > 0 || ports.length > 0);
}

function portsGone({ ports }: ServiceView, former: TemplateView, present: TemplateView): readonly string[] {
  const [before, now] = [portNames(former), portNames(present)];
  return ports.flatMap(({ targetPort }) =>
    typeof targetPort === "string" && before.has(targetPort) && !now.has(targetPort) ? [targetPort] : [],
  );
}

/**
 * The named ports of readiness and startup probes that their container does not have, and had in the baseline: the kubelet cannot
 * ask such a probe, so the pod never becomes ready.
 */
export function unaskableProbes({ revision, baseline }: Rollout): readonly string[] {
  if (baseline === undefined) return [];
  return revision.template.containers.flatMap((container) => {
    const before = baseline.template.containers.find(({ name }) => name === container.name);
    const known = before === undefined ? [] : portsWithoutNumber(before);
    return portsWithoutNumber(container)
      .filter((port) => !known.includes(port))
      .map((port) => `container ${container.name} has no port named ${port}, which its probe asks`);
  });
}

function portsWithoutNumber({ readiness, startup }: ContainerTemplateView): readonly string[] {
  const names = [readiness, startup].flatMap((probe) =>
    probe?.portName !== undefined && probe.port === undefined ? [probe.portName] : [],
  );
  return [...new Set(names)];
}
