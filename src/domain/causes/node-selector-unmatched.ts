// Labels of nodes that the pods ask for and no node has. Pure.
import { type Classifier, quoted } from "./cause.ts";
import { SCHEDULING_REASONS, schedulerWords } from "./scheduler-words.ts";

export const nodeSelectorUnmatched: Classifier = {
  recognises: ["NodeSelectorUnmatched"],
  explains: SCHEDULING_REASONS,
  classify: (of) => {
    const said = schedulerWords(of) ?? "";
    if (!/didn't match (?:Pod's )?node (?:affinity|selector)|node affinity\/selector/i.test(said))
      return undefined;
    const { revision, baseline } = of.rollout;
    const isChanged =
      baseline !== undefined && baseline.template.schedulingKey !== revision.template.schedulingKey;
    return {
      class: "NodeSelectorUnmatched",
      certainty: "Certain",
      message: `No node has the labels that the pods require in nodeSelector or node affinity${isChanged ? "; the rollout changed these requirements" : ""}.`,
      evidence: quoted(of, /affinity|selector/i),
      remedy:
        "Correct nodeSelector and affinity in the pod template, or label a node (kubectl get nodes --show-labels).",
    };
  },
};
