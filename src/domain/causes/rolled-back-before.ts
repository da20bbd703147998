// The release is known to be bad: its cause is the one that its first Incident names. Pure.
import { knownBad } from "../history/known-bad.ts";
import type { Classifier } from "./cause.ts";

export const rolledBackBefore: Classifier = {
  recognises: ["RolledBackBefore"],
  explains: ["KnownBad"],
  classify: ({ rollout }) => {
    const { snapshot, history, revision, workload } = rollout;
    const known = knownBad(snapshot, history, revision);
    if (known === undefined) return undefined;
    const { name, spec } = known.incident;
    const [cause] = spec.causes ?? [];
    const veto = `kubectl rolloutguard veto ${workload.name} -n ${snapshot.guard.namespace} --reason "the cause is fixed"`;
    return {
      class: "RolledBackBefore",
      certainty: "Certain",
      message: `The same release failed before (Incident ${name}): ${cause?.message ?? spec.message}`,
      evidence: [],
      remedy: `${cause?.remedy ?? "See that Incident."} If the cause was elsewhere and is fixed, run ${veto} and apply the release again.`,
      ...(cause?.patch !== undefined && { patch: cause.patch }),
    };
  },
};
