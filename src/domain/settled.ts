// A rollout that is over: nothing of it is judged, and still the guard says how its revision is. Pure.
import { runChecks } from "./checks/ordered-checks.ts";
import type { FailingFinding, Finding } from "./decision.ts";
import { knownOf } from "./history/history.ts";
import { lastRestored } from "./history/incident-roles.ts";
import { capital, nameRevision } from "./history/revisions.ts";
import { dueTimes, type Outcome, quiet } from "./outcome.ts";
import { isProven, progressOf, RECHECK_MS } from "./rollout/progress.ts";
import { memoryOf } from "./rollout/revision-memory.ts";
import type { Rollout } from "./rollout/rollout.ts";
import { isServing } from "./rollout/serving.ts";

/** Over a long life every container fails now and then: this often an hour it says nothing. */
const USUAL_FAILURES_PER_HOUR = 1;

/** The outcome of a rollout that is not judged. */
export function settledOutcome(rollout: Rollout, now: number): Outcome {
  const { snapshot, revision, workload } = rollout;
  const name = capital(nameRevision(revision));
  const restored = lastRestored(snapshot, revision);
  if (restored?.status?.phase === "NotRecovered" && !isServing(rollout)) {
    return quiet("NotRecovered", "NotRecovered", `${restored.status.message} See Incident ${restored.name}.`);
  }
  const findings = settledFindings(rollout, now);
  const failing = findings.find((finding): finding is FailingFinding => finding.verdict === "failing");
  const wakeAts = [...dueTimes(findings), ...(failing ? [now + RECHECK_MS] : [])];
  if (failing) return { ...failingOutcome(rollout, failing), findings, wakeAts };
  const isGood = isProven(rollout) || knownOf(rollout.history, revision.hash).verdict === "Good";
  if (isGood && (workload.availableReplicas > 0 || workload.desiredReplicas === 0)) {
    return { ...quiet("Healthy", "RolloutGood", `${name} is healthy.`), findings, wakeAts };
  }
  if (isGood) {
    const message = `${name} is good, but none of its pods is available.`;
    return {
      ...quiet("Baking", "RolloutBaking", message),
      findings,
      wakeAts: [...wakeAts, now + RECHECK_MS],
    };
  }
  if (restored) return progressOf(rollout, findings, now);
  return isServing(rollout)
    ? {
        ...quiet("Healthy", "RolloutGood", `${name} is healthy.`),
        earned: "Good",
        findings,
        wakeAts,
      }
    : quiet(
        "NotEvaluated",
        "BeforeGuard",
        `The rollout of ${nameRevision(revision)} ended before the guard was created, so RolloutGuard does not check it.`,
      );
}

/** What the checks say of a revision that runs without a rollout; what a container fails at in a long life is left out. */
function settledFindings(rollout: Rollout, now: number): readonly Finding[] {
  const own = knownOf(rollout.history, rollout.revision.hash).entry;
  const known = own && { ...own, ...memoryOf(rollout, now) };
  const failuresPerHour = Math.max(USUAL_FAILURES_PER_HOUR, known?.failuresPerHour ?? 0);
  const before = known && { ...known, failuresPerHour };
  return runChecks({ ...rollout, before, baseline: undefined }, now);
}

function failingOutcome({ revision }: Rollout, { reason, message }: FailingFinding): Outcome {
  return quiet(
    "Failing",
    reason,
    `${capital(nameRevision(revision))} is failing, but no rollout is in progress, so there is nothing to roll back: ${message}`,
  );
}
