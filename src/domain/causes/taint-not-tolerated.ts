// Nodes with taints that the pods do not tolerate: taints of their own, or those of nodes that are not fit. Pure.
import { type Classifier, quoted } from "./cause.ts";
import { SCHEDULING_REASONS, schedulerWords } from "./scheduler-words.ts";

export const taintNotTolerated: Classifier = {
  recognises: ["TaintNotTolerated", "EnvironmentTrouble"],
  explains: SCHEDULING_REASONS,
  classify: (of) => {
    const said = schedulerWords(of) ?? "";
    const taints = [...said.matchAll(/untolerated taint \{([^}]*)\}/gi)].map((match) =>
      (match[1] ?? "").trim(),
    );
    if (taints.length === 0 || /didn't match Pod's node (?:affinity|selector)/i.test(said)) return undefined;
    const names = [...new Set(taints)].map((taint) => taint.replace(/:\s*$/, "").replace(": ", "="));
    const isNodes = names.every((name) => /^node\.(?:kubernetes|cloudprovider\.kubernetes)\.io\//.test(name));
    return isNodes
      ? {
          class: "EnvironmentTrouble",
          certainty: "Likely",
          message: `The nodes are not usable now (${names.join(", ")}), so no pod of this release can be scheduled.`,
          evidence: quoted(of, /taint/),
          remedy: "Repair the nodes (kubectl describe nodes). The release does not need a change.",
        }
      : {
          class: "TaintNotTolerated",
          certainty: "Certain",
          message: `The nodes with free capacity have taints that the pods do not tolerate: ${names.join(", ")}.`,
          evidence: quoted(of, /taint/),
          remedy: `Add a toleration for ${names.join(", ")} to the pod template, or add nodes without these taints.`,
        };
  },
};
