// A container that the kubelet kills because its liveness probe fails. Pure.
import { formatDuration } from "../../api/duration.ts";
import { type Classifier, quoted } from "./cause.ts";
import { killingProbe, nameProbe } from "./failing-probe.ts";

export const livenessProbeKills: Classifier = {
  recognises: ["LivenessProbeKills"],
  explains: ["CrashLooping"],
  classify: (of) => {
    const killing = killingProbe(of);
    if (!killing) return undefined;
    return {
      class: "LivenessProbeKills",
      certainty: "Likely",
      message: `The kubelet kills container ${killing.container.name} ${formatDuration(killing.ranMs)} after its start, because ${nameProbe(killing)} fails.`,
      evidence: quoted(of, /probe/i),
      remedy: `Correct the ${killing.which} probe of container ${killing.container.name}, or fix what it reports.`,
    };
  },
};
