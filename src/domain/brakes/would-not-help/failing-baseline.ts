// The good revision was failing itself when the rollout began: nothing to return to without a person. Pure.
import { knownOf } from "../../history/history.ts";
import { nameRevision } from "../../history/revisions.ts";
import { kubectlName } from "../../workload/kubectl-name.ts";
import type { Objection } from "./objection.ts";

export const failingBaseline: Objection = ({ history, workload, snapshot }, _headline, target) => {
  if (knownOf(history, target.hash).entry?.isFailing !== true) return undefined;
  return `${nameRevision(target)} was already failing before this rollout started. To roll back to it anyway: kubectl rollout undo ${kubectlName(workload)} -n ${snapshot.guard.namespace} --to-revision=${target.revision}`;
};
