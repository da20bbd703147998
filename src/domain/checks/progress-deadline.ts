// Kubernetes' own verdict: the rollout made no progress for progressDeadlineSeconds. Pure.
import { type Check, healthy, told } from "./fault.ts";

export const progressDeadline: Check = ({ policy, workload, startedAt }) => {
  if (!policy.spec.checks.progressDeadline.enabled) return healthy("progressDeadline");
  const verdict = workload.conditions.find(
    ({ type, status, reason }) =>
      type === "Progressing" && status === "False" && reason === "ProgressDeadlineExceeded",
  );
  // Until the controller has seen the present template, its conditions speak of the rollout before.
  const isObserved = workload.observedGeneration >= workload.generation;
  if (!verdict || !isObserved || verdict.updatedAt + 1_000 < startedAt) return healthy("progressDeadline");
  return {
    check: "progressDeadline",
    verdict: "failing",
    sinceAt: verdict.updatedAt,
    ...told(
      "ProgressDeadlineExceeded",
      `Kubernetes reports no progress for ${workload.progressDeadlineSeconds} s: ${workload.availableReplicas} of ${workload.desiredReplicas} pods are available`,
      [`Deployment ${workload.name}: Progressing is False: ${verdict.message}`],
    ),
  };
};
