// A container that the node refuses to make. Pure.
import { type Classifier, quoted, textOfFinding } from "./cause.ts";
import { crashOf } from "./crashed-container.ts";
import { waitingContainer } from "./waiting-container.ts";

const REASONS =
  /(?:CreateContainerConfigError|CreateContainerError|RunContainerError|PreStartHookError|PostStartHookError|StartError): (.{1,500})/;

export const containerRefused: Classifier = {
  recognises: ["ContainerRefused"],
  explains: ["ContainerConfigError"],
  classify: (of) => {
    const said = REASONS.exec(textOfFinding(of))?.[1];
    const name = waitingContainer(of) ?? crashOf(of)?.container.name;
    if (said === undefined) return undefined;
    const isRoot = /runAsNonRoot|run as root/i.test(said);
    return {
      class: "ContainerRefused",
      certainty: "Certain",
      message: `The kubelet cannot create container ${name ?? "?"}: ${said.trim()}`,
      evidence: quoted(of, REASONS),
      remedy: isRoot
        ? `Set securityContext.runAsUser of container ${name ?? "?"} to a user other than 0, or build its image with such a user.`
        : `Correct the spec of container ${name ?? "?"} as the message says.`,
    };
  },
};
