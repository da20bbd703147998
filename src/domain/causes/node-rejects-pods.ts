// Pods that their nodes reject for what the template asks. Pure.
import { templateChanges } from "../changes/template-changes.ts";
import { type Classifier, quoted, textOfFinding } from "./cause.ts";

const SAYS = /: Failed, ([A-Za-z]+)(?:: (?:Pod was rejected: )?([^\n]{1,500}))?/;
/** The node had no room or no device left. */
const ROOM = /^(?:OutOf|Insufficient)/;
const MOST_CHANGES = 3;

export const nodeRejectsPods: Classifier = {
  recognises: ["NodeRejectsPods"],
  explains: ["PodRejected"],
  classify: (of) => {
    const [, reason, said] = SAYS.exec(textOfFinding(of)) ?? [];
    if (reason === undefined) return undefined;
    const { baseline, revision } = of.rollout;
    const changed = baseline ? templateChanges(baseline, revision).slice(0, MOST_CHANGES).join("; ") : "";
    return {
      class: "NodeRejectsPods",
      certainty: "Certain",
      message: `Nodes reject the pods: ${reason}${said === undefined ? "" : `: ${said.trim()}`}`,
      evidence: quoted(of, SAYS),
      remedy: ROOM.test(reason)
        ? "Request less of it in the pod template, or free it on the nodes."
        : `Remove from the pod template what the nodes do not allow, or allow it on nodes where the pods can run.${changed ? ` The rollout changed: ${changed}.` : ""}`,
    };
  },
};
