// Conditions of workloads, revisions and pods: raw JSON → ConditionView, and looking one up.
import type { ConditionView } from "../../domain/snapshot/condition.ts";
import { boundedText } from "../bounded-text.ts";
import type { Masking } from "../masking/pod-masking.ts";
import { asInstant, asList, asObject, asText, type RawObject } from "../objects.ts";
import { sharedText } from "./shared-text.ts";

/** More than any controller writes. */
const MOST_CONDITIONS = 50;

/** Reasons whose messages quote the API server or what it asked: they can say anything of the pods. */
const QUOTING = /Fail|Error/;

/** The conditions of a workload, or of the object that holds a revision. */
export function projectConditions(status: RawObject, mask: Masking): ConditionView[] {
  const listed = asList(status.conditions).slice(0, MOST_CONDITIONS);
  return listed.map((raw) => {
    const condition = asObject(raw);
    const reason = asText(condition.reason);
    const message = asText(condition.message);
    const transitionAt = asInstant(condition.lastTransitionTime) ?? 0;
    return {
      type: sharedText(asText(condition.type)),
      status: statusOf(condition),
      reason: sharedText(reason),
      message: QUOTING.test(reason) ? mask(message) : boundedText(message),
      transitionAt,
      updatedAt: asInstant(condition.lastUpdateTime) ?? transitionAt,
    };
  });
}

/** The raw condition of that type, or undefined. */
export function findCondition(status: RawObject, type: string): RawObject | undefined {
  for (const raw of asList(status.conditions)) {
    const condition = asObject(raw);
    if (condition.type === type) return condition;
  }
  return undefined;
}

function statusOf(condition: RawObject): ConditionView["status"] {
  return condition.status === "True" || condition.status === "False" ? condition.status : "Unknown";
}
