// What a release asks of a node, and whether it changed that. Pure.
import { differsIn } from "../changes/differs-in.ts";
import type { TemplateView } from "../snapshot/template.ts";
import type { Rollout } from "./rollout.ts";

/** Requests, selectors, affinity, tolerations or ports differ from the baseline's; false where there is none. */
export function isPlacementChanged({ baseline, revision }: Pick<Rollout, "baseline" | "revision">): boolean {
  return baseline !== undefined && baseline.template.schedulingKey !== revision.template.schedulingKey;
}

/** The fields of a pod that say where it may run, whatever it requests. */
const WHERE = [
  "affinity",
  "hostNetwork",
  "nodeName",
  "nodeSelector",
  "runtimeClassName",
  "schedulerName",
  "tolerations",
  "topologySpreadConstraints",
] as const;

/** Selectors, affinity, tolerations, spread or ports differ from the baseline's: where its pods may run, and not what they request. */
export function isWhereChanged({ baseline, revision }: Pick<Rollout, "baseline" | "revision">): boolean {
  if (baseline === undefined || !isPlacementChanged({ baseline, revision })) return false;
  const [before, after] = [baseline.template, revision.template];
  const ports = ({ containers }: TemplateView) =>
    JSON.stringify(containers.map(({ name, knownFields }) => [name, knownFields.ports]));
  return differsIn(WHERE, before, after) || ports(before) !== ports(after);
}

/**
 * The kubelet's reasons to reject a pod because the node has no room or device for it, or is not where it may run: what the
 * scheduler goes by as well (pkg/kubelet/lifecycle, pkg/kubelet/cm).
 */
const PLACEMENT_REASONS =
  /^(?:OutOf|Insufficient|UnexpectedAdmissionError$|TopologyAffinityError$|SMTAlignmentError$|Node(?:Affinity|Name|Ports|Unschedulable)$|TaintToleration$|NoExecuteTaint$)/;

/** Whether a node rejects a pod for what the scheduler goes by as well, and not for anything else that its template asks. */
export function isAboutPlacement(reason: string | undefined): boolean {
  return reason !== undefined && PLACEMENT_REASONS.test(reason);
}
