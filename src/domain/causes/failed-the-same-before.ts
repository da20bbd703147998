// Nothing but a restart was rolled out, or the pods of the revision before fail too: the cause came from outside. Pure.
import { oldPodsNotReady } from "../brakes/would-not-help/failing-old-pods.ts";
import { nameRevision } from "../history/revisions.ts";
import type { Classifier } from "./cause.ts";

export const failedTheSameBefore: Classifier = {
  recognises: ["EnvironmentTrouble"],
  explains: "anything",
  classify: ({ rollout, finding }) => {
    const { baseline, revision } = rollout;
    if (!baseline) return undefined;
    const isRestart = baseline.contentKey === revision.contentKey;
    const why = isRestart
      ? `The rollout changed nothing: ${nameRevision(revision)} differs from ${nameRevision(baseline)} only by a restart, but it is failing now (${finding.reason}).`
      : oldPodsNotReady(rollout, baseline);
    if (why === undefined) return undefined;
    return {
      class: "EnvironmentTrouble",
      certainty: "Likely",
      message: why,
      evidence: [],
      remedy: "Look for what else changed: ConfigMaps, Secrets, services that the application calls, nodes.",
    };
  },
};
