// Trouble that the release did not bring: what was not changed fails too. Pure.
import { whatFailsToo } from "../brakes/would-not-help/failing-old-pods.ts";
import { whatElseFails } from "../brakes/would-not-help/outage.ts";
import { nameRevision } from "../history/revisions.ts";
import type { Case, Cause } from "./cause.ts";

/** Many Deployments fail at once: that is the headline, whatever the pods of this one say. */
export function widespreadTrouble({ rollout, now }: Case): Cause | undefined {
  const what = whatElseFails(rollout, now);
  if (what === undefined) return undefined;
  return {
    class: "EnvironmentTrouble",
    certainty: "Likely",
    message: what,
    evidence: [],
    remedy:
      "Look at what these Deployments have in common: nodes, network, DNS, a service that they all call.",
  };
}

/** Nothing but a restart, or the revision before fails in the same way: the cause came from outside. */
export function sameTroubleBefore({ rollout, finding }: Case): Cause | undefined {
  const { baseline, revision } = rollout;
  if (!baseline) return undefined;
  const isRestart = baseline.contentKey === revision.contentKey;
  const why = isRestart
    ? `The rollout changed nothing: ${nameRevision(revision)} differs from ${nameRevision(baseline)} only by a restart, and it fails now (${finding.reason}).`
    : whatFailsToo(rollout, baseline);
  if (why === undefined) return undefined;
  return {
    class: "EnvironmentTrouble",
    certainty: "Likely",
    message: why,
    evidence: [],
    remedy:
      "Look for what changed besides the release: ConfigMaps, Secrets, what the application calls, the nodes.",
  };
}
