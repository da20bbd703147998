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
      message: `The pods cannot be scheduled: ${said.trim()}`,
      evidence: quoted(of, /nodes are available/),
      remedy:
        "Change the scheduling requirements of the pod template as the scheduler's message says, or add a suitable node.",
    };
  },
};
