// Pods that the API server refuses (quota, admission, security policy): there is no pod to look at. Pure.
import { type Check, eventsAbout, healthy, lasting, told } from "./fault.ts";

export const createFailed: Check = (rollout, now) => {
  const { revision, workload, policy, completedAt } = rollout;
  if (!policy.spec.checks.createFailed.enabled || completedAt !== undefined) return healthy("createFailed");
  const refusal = revision.conditions.find(
    ({ type, status }) => type === "ReplicaFailure" && status === "True",
  );
  const isShort = revision.replicas < revision.desiredReplicas;
  if (refusal?.reason !== "FailedCreate" || !isShort) return healthy("createFailed");
  const missing = revision.desiredReplicas - revision.replicas;
  const fault = {
    sinceAt: refusal.transitionAt,
    ...told(
      "CreateFailed",
      `${missing} of ${revision.desiredReplicas} pods are refused: ${refusal.message}`,
      [
        `ReplicaSet ${revision.source.name}: ReplicaFailure, ${refusal.reason}: ${refusal.message}`,
        ...eventsAbout(rollout, revision.source.uid, ["FailedCreate"]),
        ...eventsAbout(rollout, workload.uid, ["ReplicaSetCreateError"]),
      ],
    ),
  };
  return lasting("createFailed", fault, refusal.transitionAt + policy.createFailedMs, now);
};
