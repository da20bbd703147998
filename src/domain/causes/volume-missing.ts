// A volume that the pods mount and that cannot be had. Pure.
import { type Classifier, quoted, textOfFinding } from "./cause.ts";

const VOLUME =
  /persistentvolumeclaim "([^"]+)" (?:not found|is being deleted)|MountVolume\.\w+ failed for volume "([^"]+)"|unmounted volumes=\[([^\]]+)\]|pod has unbound immediate PersistentVolumeClaims/i;

export const volumeMissing: Classifier = {
  recognises: ["VolumeMissing"],
  explains: ["ContainerConfigError", "Unschedulable", "ProgressDeadlineExceeded"],
  classify: (of) => {
    const match = VOLUME.exec(textOfFinding(of));
    if (!match) return undefined;
    const name = match[1] ?? match[2] ?? match[3];
    const claims = of.rollout.revision.template.references.filter((each) =>
      each.startsWith("PersistentVolumeClaim/"),
    );
    const what = match[1]
      ? `PersistentVolumeClaim ${match[1]} does not exist`
      : name
        ? `Volume ${name} cannot be mounted`
        : `The volumes of ${claims.join(", ") || "the pods' claims"} are not bound yet`;
    return {
      class: "VolumeMissing",
      certainty: match[1] ? "Certain" : "Likely",
      message: `${what}, and the pods are waiting for it.`,
      evidence: quoted(of, /volume/i),
      remedy: match[1]
        ? `Create PersistentVolumeClaim ${match[1]}, or correct its name in the pod template.`
        : `Run kubectl get pvc and kubectl describe pvc to see why ${name ? `volume ${name} cannot be mounted` : "the claims are not bound"}.`,
    };
  },
};
