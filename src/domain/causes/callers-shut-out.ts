// A further cause, on the target's side: who could call the pods before, and cannot call the new ones. Pure.
import { labelPairs, matchesSelector, missingLabels } from "../labels.ts";
import { networkIn } from "../questions/network-policies.ts";
import type { Classifier } from "./cause.ts";
import { patchOfTemplate } from "./kubectl-patch.ts";
import { admits, isolating, NETWORK_REASONS, namesOf, policyLines } from "./network-admission.ts";

export const callersShutOut: Classifier = {
  recognises: ["NetworkPolicyBlocks"],
  explains: NETWORK_REASONS,
  classify: (of) => {
    const { revision, baseline } = of.rollout;
    if (!baseline) return undefined;
    const [before, after] = [baseline.template.labels, revision.template.labels];
    const { policies, neighbours } = networkIn(of.rollout.snapshot) ?? { policies: [], neighbours: [] };
    const [former, present] = [isolating(policies, before), isolating(policies, after)];
    const lost = neighbours.filter(({ labels }) => admits(former, labels) && !admits(present, labels));
    const [first] = lost;
    const blocking = present.find((policy) => !former.includes(policy)) ?? present[0];
    if (!first || !blocking) return undefined;
    const admitting = former.find((policy) => admits([policy], first.labels));
    const lostLabels =
      admitting && matchesSelector(admitting.pods, before) ? missingLabels(after, admitting.pods.labels) : {};
    const missing = labelPairs(lostLabels).join(", ");
    const why =
      missing !== ""
        ? `the new pods lost ${missing}, which NetworkPolicy ${admitting?.name} selects them by`
        : `NetworkPolicy ${blocking.name} selects the pods by their new labels`;
    return {
      class: "NetworkPolicyBlocks",
      certainty: "Certain",
      message: `${namesOf(lost)} cannot call the new pods any more: ${why}.`,
      evidence: policyLines([...new Set([...(admitting ? [admitting] : []), blocking])]),
      remedy:
        missing !== ""
          ? `Add ${missing} to the labels of the pod template again.`
          : `Allow ${namesOf(lost)} in NetworkPolicy ${blocking.name}, or revert the change of labels.`,
      patch: missing === "" ? undefined : patchOfTemplate(of.rollout, { metadata: { labels: lostLabels } }),
    };
  },
};
