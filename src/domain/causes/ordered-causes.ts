// All classifiers in one order, and what they make of a failing rollout. Pure.
import type { FailingFinding, Finding } from "../decision.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { admissionDenied } from "./admission-denied.ts";
import { answerBodyWrong } from "./answer-body-wrong.ts";
import { answersSlower } from "./answers-slower.ts";
import { callersNotAdmitted } from "./callers-not-admitted.ts";
import { callersShutOut } from "./callers-shut-out.ts";
import { type Case, type Cause, type Classifier, causeBy } from "./cause.ts";
import { changesText } from "./changes-text.ts";
import { commandNotRunnable } from "./command-not-runnable.ts";
import { containerCrashes } from "./container-crashes.ts";
import { containerRefused } from "./container-refused.ts";
import { environmentVariableMissing } from "./environment-variable-missing.ts";
import { errorRateHigher } from "./error-rate-higher.ts";
import { failedTheSameBefore } from "./failed-the-same-before.ts";
import { healthCheckFails } from "./health-check-fails.ts";
import { healthCheckTimesOut } from "./health-check-times-out.ts";
import { imageNotPulled } from "./image-not-pulled.ts";
import { initContainerFails } from "./init-container-fails.ts";
import { insufficientResources } from "./insufficient-resources.ts";
import { limitRangeViolated } from "./limit-range-violated.ts";
import { livenessProbeKills } from "./liveness-probe-kills.ts";
import { memoryLimitExceeded } from "./memory-limit-exceeded.ts";
import { noReadinessProbe } from "./no-readiness-probe.ts";
import { nodePlacementImpossible } from "./node-placement-impossible.ts";
import { nodeRejectsPods } from "./node-rejects-pods.ts";
import { nodeSelectorUnmatched } from "./node-selector-unmatched.ts";
import { objectMissing } from "./object-missing.ts";
import { podSecurityViolated } from "./pod-security-violated.ts";
import { podsShutOut } from "./pods-shut-out.ts";
import { probePathNotServed } from "./probe-path-not-served.ts";
import { probePortNotServed } from "./probe-port-not-served.ts";
import { probeProtocolMismatch } from "./probe-protocol-mismatch.ts";
import { quotaExceeded } from "./quota-exceeded.ts";
import { readinessGateNotSet } from "./readiness-gate-not-set.ts";
import { rolledBackBefore } from "./rolled-back-before.ts";
import { serviceAccountMissing } from "./service-account-missing.ts";
import { servicePortMoved } from "./service-port-moved.ts";
import { servicePortNotServed } from "./service-port-not-served.ts";
import { serviceSelectorMismatch } from "./service-selector-mismatch.ts";
import { slowStart } from "./slow-start.ts";
import { taintNotTolerated } from "./taint-not-tolerated.ts";
import { volumeMissing } from "./volume-missing.ts";
import { webhookUnavailable } from "./webhook-unavailable.ts";
import { widespreadFailure } from "./widespread-failure.ts";

/** The one order of all causes, first to last. A class that was given before is not given again. */
export const ORDERED_CAUSES = Object.freeze({
  /** Comes before everything that the pods of this rollout show. */
  overriding: [widespreadFailure],

  /** For each failing finding the first that applies. What names a thing that is missing comes before what only behaves so. */
  primary: [
    objectMissing,
    volumeMissing,
    commandNotRunnable,
    containerRefused,
    imageNotPulled,
    memoryLimitExceeded,
    environmentVariableMissing,
    initContainerFails,
    quotaExceeded,
    podSecurityViolated,
    limitRangeViolated,
    serviceAccountMissing,
    webhookUnavailable,
    admissionDenied,
    insufficientResources,
    taintNotTolerated,
    nodeSelectorUnmatched,
    nodePlacementImpossible,
    nodeRejectsPods,
    serviceSelectorMismatch,
    servicePortNotServed,
    probeProtocolMismatch,
    probePortNotServed,
    probePathNotServed,
    slowStart,
    healthCheckTimesOut,
    healthCheckFails,
    livenessProbeKills,
    containerCrashes,
    readinessGateNotSet,
    answerBodyWrong,
    answersSlower,
    errorRateHigher,
    rolledBackBefore,
  ],

  /** All that apply: to correct the primary cause alone would not be enough. */
  further: [
    failedTheSameBefore,
    servicePortNotServed,
    noReadinessProbe,
    callersShutOut,
    podsShutOut,
    callersNotAdmitted,
    servicePortMoved,
  ],
}) satisfies Readonly<Record<string, readonly Classifier[]>>;

const MOST_CAUSES = 4;

/**
 * Why the rollout fails: the headline first, then what else is wrong, each class once. Never empty: where nothing
 * tells, the cause is Unknown and has the evidence.
 */
export function causesOf(rollout: Rollout, findings: readonly Finding[], now: number): readonly Cause[] {
  const cases = findings.flatMap((finding): Case[] =>
    finding.verdict === "failing" ? [{ rollout, finding, now }] : [],
  );
  const [headline] = cases;
  if (!headline) return [];
  const { overriding, primary, further } = ORDERED_CAUSES;
  const all = [
    ...causesBy(overriding, headline),
    ...cases.flatMap((of) => firstCauseBy(primary, of) ?? []),
    ...cases.flatMap((of) => causesBy(further, of)),
  ];
  const causes = all.filter(
    (cause, index) => all.findIndex((other) => other.class === cause.class) === index,
  );
  return causes.length > 0 ? causes.slice(0, MOST_CAUSES) : [unknown(headline.finding, rollout)];
}

function firstCauseBy(classifiers: readonly Classifier[], of: Case): Cause | undefined {
  for (const classifier of classifiers) {
    const cause = causeBy(classifier, of);
    if (cause) return cause;
  }
  return undefined;
}

/** What each of the classifiers recognises, in their order. */
function causesBy(classifiers: readonly Classifier[], of: Case): readonly Cause[] {
  return classifiers.flatMap((classifier) => causeBy(classifier, of) ?? []);
}

function unknown({ message, evidence }: FailingFinding, rollout: Rollout): Cause {
  return {
    class: "Unknown",
    certainty: "Unknown",
    message: `The cause is unknown: ${message}.`,
    evidence: evidence.slice(0, 3),
    remedy:
      changesText(rollout).trimStart() || "Run kubectl describe pod and kubectl logs for the failing pods.",
  };
}
