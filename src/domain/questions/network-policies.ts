// The NetworkPolicies of the namespace: asked before an Incident is opened about a rollout that changed labels. Pure.
import { hasLabels } from "../labels.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { NetworkView } from "../snapshot/network.ts";
import type { NetworkPoliciesQuestion } from "../snapshot/question.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { answeredValue } from "./answered-value.ts";

const QUESTION: NetworkPoliciesQuestion = {
  ask: "networkPolicies",
  key: "networkPolicies",
  for: "record",
  maxAgeMs: 0,
};

/** Asked only where they could tell the cause: only a rollout that changed labels can have changed what they admit. */
export function networkPoliciesQuestion({
  baseline,
  revision,
}: Rollout): NetworkPoliciesQuestion | undefined {
  if (!baseline) return undefined;
  const [before, after] = [baseline.template.labels, revision.template.labels];
  return hasLabels(before, after) && hasLabels(after, before) ? undefined : QUESTION;
}

/** Who can call whom in the namespace; undefined where it was not asked, or nobody could answer. */
export function networkIn(snapshot: Pick<Snapshot, "answers">): NetworkView | undefined {
  return answeredValue(snapshot, QUESTION);
}
