// A further cause, on the caller's side: policies that admitted these pods by a label that they lost. Pure.

import { labelPairs, matchesSelector, missingLabels } from "../labels.ts";
import { networkIn } from "../questions/network-policies.ts";
import type { NetworkPolicyView } from "../snapshot/network.ts";
import type { Classifier } from "./cause.ts";
import { patchOfTemplate } from "./kubectl-patch.ts";
import { admits, NETWORK_REASONS, podsText, policyLines } from "./network-admission.ts";
import { peersOf } from "./policy-peers.ts";

export const podsShutOut: Classifier = {
  recognises: ["NetworkPolicyBlocks"],
  explains: NETWORK_REASONS,
  classify: (of) => {
    const { revision, baseline } = of.rollout;
    if (!baseline) return undefined;
    const [before, after] = [baseline.template.labels, revision.template.labels];
    const { policies } = networkIn(of.rollout.snapshot) ?? { policies: [] };
    const own = (policy: NetworkPolicyView) =>
      matchesSelector(policy.pods, after) && matchesSelector(policy.pods, before);
    const lost = policies.filter(
      (policy) =>
        policy.restrictsIngress && !own(policy) && admits([policy], before) && !admits([policy], after),
    );
    const [first] = lost;
    if (!first) return undefined;
    const peer = peersOf(first).find((pods) => matchesSelector(pods, before));
    const lostLabels = peer ? missingLabels(after, peer.labels) : {};
    const missing = labelPairs(lostLabels).join(", ");
    return {
      class: "NetworkPolicyBlocks",
      certainty: "Certain",
      message: `The new pods cannot call the pods of NetworkPolicy ${first.name} any more: it allows pods with ${peer ? podsText(peer) : "other labels"}, which the new pods lack${lost.length > 1 ? `; ${lost.length - 1} more policies block them too` : ""}.`,
      evidence: policyLines(lost),
      remedy:
        missing !== ""
          ? `Add ${missing} to the labels of the pod template again.`
          : `Allow the new labels in NetworkPolicy ${first.name}.`,
      patch: missing === "" ? undefined : patchOfTemplate(of.rollout, { metadata: { labels: lostLabels } }),
    };
  },
};
