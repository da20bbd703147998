// Kubernetes' own verdict: the rollout made no progress for progressDeadlineSeconds. Pure.
import { rulesOf } from "../workload/rules-by-kind.ts";
import { type Check, healthy, told } from "./fault.ts";

export const progressDeadline: Check = ({ policy, workload, startedAt }) => {
  if (!policy.spec.checks.progressDeadline.enabled) return healthy("progressDeadline");
  const stall = rulesOf(workload).stall(workload);
  if (!stall || stall.sinceAt + 1_000 < startedAt) return healthy("progressDeadline");
  return {
    check: "progressDeadline",
    verdict: "failing",
    sinceAt: stall.sinceAt,
    ...told(
      "ProgressDeadlineExceeded",
      `Kubernetes reports no progress for ${workload.progressDeadlineSeconds} s: ${workload.availableReplicas} of ${workload.desiredReplicas} pods are available`,
      [stall.evidence],
    ),
  };
};
