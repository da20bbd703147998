// All classifiers, in the order in which they are asked, and what they make of a failing rollout. Pure.

import { templateChanges } from "../changes/template-changes.ts";
import type { FailingFinding, Finding } from "../decision.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { Case, Cause, Classifier } from "./cause.ts";
import { crash, environmentVariable, initContainer, livenessKills, memoryLimit } from "./crash.ts";
import { sameTroubleBefore, widespreadTrouble } from "./environment.ts";
import { image } from "./image.ts";
import { missingObject, missingVolume } from "./missing-object.ts";
import { networkPolicies } from "./network-policy.ts";
import { commandNotRunnable, containerRefused } from "./not-runnable.ts";
import { healthCheck, healthTimeout, probePath, probeProtocol } from "./probe-answer.ts";
import { probePort } from "./probe-port.ts";
import { readinessGate, withoutReadinessProbe } from "./readiness.ts";
import { refusedPods } from "./refused-pods.ts";
import { servicePort, servicePortMoved, serviceSelector } from "./service.ts";
import { slowStart } from "./slow-start.ts";
import { unschedulable } from "./unschedulable.ts";

/** The first that applies to a finding is its cause. What names a thing that is missing comes before what only behaves so. */
const ORDERED_CLASSIFIERS: readonly Classifier[] = Object.freeze([
  missingObject,
  missingVolume,
  commandNotRunnable,
  containerRefused,
  image,
  memoryLimit,
  environmentVariable,
  initContainer,
  refusedPods,
  unschedulable,
  serviceSelector,
  servicePort,
  probeProtocol,
  probePort,
  probePath,
  slowStart,
  healthTimeout,
  healthCheck,
  livenessKills,
  crash,
  readinessGate,
]);

const MOST_CAUSES = 4;
const MOST_CHANGES = 3;

/**
 * Why the rollout fails: the headline first, then what is wrong besides, each class once. Never empty: where nothing
 * tells, the cause is Unknown and has the evidence.
 */
export function causesOf(rollout: Rollout, findings: readonly Finding[], now: number): readonly Cause[] {
  const cases = findings.flatMap((finding): Case[] =>
    finding.verdict === "failing" ? [{ rollout, finding, now }] : [],
  );
  const [headline] = cases;
  if (!headline) return [];
  const told = [
    widespreadTrouble(headline),
    ...cases.map(causeOfFinding),
    sameTroubleBefore(headline),
    ...cases.flatMap(besides),
  ].flatMap((cause) => cause ?? []);
  const causes = told.filter(
    (cause, index) => told.findIndex((other) => other.class === cause.class) === index,
  );
  return causes.length > 0 ? causes.slice(0, MOST_CAUSES) : [unknown(headline.finding, rollout)];
}

function causeOfFinding(of: Case): Cause | undefined {
  for (const { explains, classify } of ORDERED_CLASSIFIERS) {
    const cause = explains.includes(of.finding.reason) ? classify(of) : undefined;
    if (cause) return cause;
  }
  return undefined;
}

/** What is wrong beside the cause of a finding: mending that alone would not be enough. */
function besides(of: Case): readonly (Cause | undefined)[] {
  const { reason } = of.finding;
  if (reason === "EmptyEndpoints") return [servicePort.classify(of), ...networkPolicies(of)];
  if (reason === "CrashLooping" || reason === "InitContainerFailing")
    return [withoutReadinessProbe(of), ...networkPolicies(of)];
  if (reason === "NotReady" || reason === "Degraded")
    return [...networkPolicies(of), probePort.classify(of) ? undefined : servicePortMoved(of)];
  return [];
}

function unknown({ message, evidence }: FailingFinding, rollout: Rollout): Cause {
  const changes = rollout.baseline ? templateChanges(rollout.baseline, rollout.revision) : [];
  const changed = changes.slice(0, MOST_CHANGES).join("; ");
  return {
    class: "Unknown",
    certainty: "Unknown",
    message: `What is seen does not tell the cause: ${message}.`,
    evidence: evidence.slice(0, 3),
    remedy: changed
      ? `Begin with what the rollout changed: ${changed}${changes.length > MOST_CHANGES ? `, and ${changes.length - MOST_CHANGES} more` : ""}.`
      : "See kubectl describe pod and kubectl logs of the failing pods.",
  };
}
