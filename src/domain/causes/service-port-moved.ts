// A further cause: the rollout moved the port away from the number to which a Service sends. Kubernetes does not notice;
// callers do. Pure.
import type { Classifier } from "./cause.ts";
import { probePortNotServed } from "./probe-port-not-served.ts";

export const servicePortMoved: Classifier = {
  recognises: ["ServicePortNotServed"],
  explains: ["NotReady", "Degraded"],
  classify: (of) => {
    // The failing probe says that the old port was right.
    if (probePortNotServed.classify(of)) return undefined;
    const { revision, baseline, services } = of.rollout;
    if (!baseline) return undefined;
    const portsOf = ({ template }: { readonly template: typeof revision.template }) =>
      new Set(template.containers.flatMap(({ ports }) => ports.map(({ port }) => port)));
    const [former, present] = [portsOf(baseline), portsOf(revision)];
    for (const service of services) {
      const moved = service.ports.find(
        ({ targetPort }) =>
          typeof targetPort === "number" && former.has(targetPort) && !present.has(targetPort),
      );
      if (!moved || present.size === 0) continue;
      return {
        class: "ServicePortNotServed",
        certainty: "Likely",
        message: `Service ${service.name} sends to port ${moved.targetPort}, which ${baseline.revision === revision.revision ? "the pods" : "the new pods"} no longer declare; they declare ${[...present].join(", ")}.`,
        evidence: [`Service ${service.name}: targetPort ${moved.targetPort}`],
        remedy: `Serve port ${moved.targetPort} in the containers as before, or change the targetPort of Service ${service.name} to match.`,
      };
    }
    return undefined;
  },
};
