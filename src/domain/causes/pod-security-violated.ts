// Pods that the namespace's Pod Security level forbids. Pure.
import { type Classifier, quoted, textOfFinding } from "./cause.ts";
import { patchOfTemplate } from "./kubectl-patch.ts";

/** The words of PodSecurity admission. */
const SAYS = /violates PodSecurity "([^"]+)":? ?([^\n]*)/i;

/** What the restricted level asks for, as fields of a container's securityContext. */
const RESTRICTED: readonly (readonly [RegExp, object])[] = [
  [/allowPrivilegeEscalation/, { allowPrivilegeEscalation: false }],
  [/unrestricted capabilities|capabilities\.drop/, { capabilities: { drop: ["ALL"] } }],
  [/runAsNonRoot/, { runAsNonRoot: true }],
  [/seccompProfile/, { seccompProfile: { type: "RuntimeDefault" } }],
  [/securityContext\.privileged=true/, { privileged: false }],
];

export const podSecurityViolated: Classifier = {
  recognises: ["PodSecurityViolated"],
  explains: ["CreateFailed"],
  classify: (of) => {
    const reported = textOfFinding(of);
    const match = SAYS.exec(reported);
    if (!match) return undefined;
    const fields = RESTRICTED.filter(([pattern]) => pattern.test(reported)).map(([, field]) => field);
    const securityContext = Object.assign({}, ...fields) as object;
    const containers = of.rollout.revision.template.containers.filter(({ kind }) => kind === "app");
    const names = Object.keys(securityContext);
    const template = { spec: { containers: containers.map(({ name }) => ({ name, securityContext })) } };
    return {
      class: "PodSecurityViolated",
      certainty: "Certain",
      message: `The namespace's Pod Security level ${match[1] ?? ""} forbids the pods: ${(match[2] ?? "").trim()}.`,
      evidence: quoted(of, /PodSecurity/),
      remedy:
        names.length > 0
          ? `Set ${names.join(", ")} in the securityContext of the containers${names.includes("runAsNonRoot") ? "; the image must then run as a user other than root" : ""}.`
          : "Remove what the message names from the pod template, or move the workload to a namespace with another level.",
      patch: names.length > 0 ? patchOfTemplate(of.rollout, template) : undefined,
    };
  },
};
