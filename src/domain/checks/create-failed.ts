// Pods that the API server refuses (quota, admission, security policy): there is no pod to look at. Pure.
import { rulesOf } from "../workload/rules-by-kind.ts";
import { type Check, eventsAbout, healthy, lasting, told } from "./fault.ts";

export const createFailed: Check = (rollout, now) => {
  const { revision, workload, policy, completedAt } = rollout;
  if (!policy.spec.checks.createFailed.enabled || completedAt !== undefined) return healthy("createFailed");
  const refusal = rulesOf(workload).refusedPods(workload, revision);
  const missing = revision.desiredReplicas - revision.replicas;
  if (!refusal || missing <= 0) return healthy("createFailed");
  const fault = {
    sinceAt: refusal.sinceAt,
    ...told(
      "CreateFailed",
      `${missing} of ${revision.desiredReplicas} pods are refused: ${refusal.message}`,
      [refusal.evidence, ...refusal.events.flatMap(({ uid, reason }) => eventsAbout(rollout, uid, [reason]))],
    ),
  };
  return lasting("createFailed", fault, refusal.sinceAt + policy.createFailedMs, now);
};
