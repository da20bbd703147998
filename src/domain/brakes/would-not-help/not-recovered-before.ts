// Going back to that revision was tried already, and service did not come back: once is enough. Pure.
import { undoStep } from "../../../api/incident-step.ts";
import { knownOf } from "../../history/history.ts";
import { newestIncident } from "../../history/incident-roles.ts";
import { nameRevision } from "../../history/revisions.ts";
import { kubectlName } from "../../workload/kubectl-name.ts";
import type { Objection } from "./objection.ts";

export const notRecoveredBefore: Objection = ({ snapshot, history, workload }, _headline, target) => {
  const last = newestIncident(
    snapshot.incidents.filter(
      ({ spec, status }) => spec.target.uid === workload.uid && undoStep(status)?.to === target.hash,
    ),
  );
  if (last?.status?.phase !== "NotRecovered") return undefined;
  const { entry } = knownOf(history, target.hash);
  const isGoodSince = entry?.verdict === "Good" && Date.parse(entry.since) > Date.parse(last.spec.detectedAt);
  if (isGoodSince) return undefined;
  return `${nameRevision(target)} was restored before (Incident ${last.name}), and service did not recover. To roll back to it anyway: kubectl rollout undo ${kubectlName(workload)} -n ${snapshot.guard.namespace} --to-revision=${target.revision}`;
};
