// Nodes that the scheduler refuses for another reason: ports, volumes, spreading. Pure.
import { type Classifier, quoted } from "./cause.ts";
import { SCHEDULING_REASONS, schedulerWords } from "./scheduler-words.ts";

export const nodePlacementImpossible: Classifier = {
  recognises: ["NodePlacementImpossible"],
  explains: SCHEDULING_REASONS,
  classify: (of) => {
    const said = schedulerWords(of);
    if (said === undefined) return undefined;
    return {
      class: "NodePlacementImpossible",
      certainty: "Certain",
      message: `No node takes the pods: ${said.trim()}`,
      evidence: quoted(of, /nodes are available/),
      remedy: "Change what the pod template asks of a node as the scheduler's words say, or add such a node.",
    };
  },
};
