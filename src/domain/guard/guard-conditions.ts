// The guard's conditions: Ready says whether it can do its work, Healthy what it thinks of the rollout, ReadinessProbed
// whether anything would tell a release that does not work from one that does. Pure.
import { type Condition, setCondition } from "../../api/condition.ts";
import type { GuardPhase } from "../../api/rollout-guard.ts";
import { SAFETY_STOP } from "../brakes/safety-stop.ts";
import { refusedPauseSentence } from "../freeze/refused-pause.ts";
import type { Outcome } from "../outcome.ts";
import { shortText } from "../plain-text.ts";
import { rfc3339 } from "../rfc3339.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { oddities } from "./oddities.ts";
import { PROBED, probedCondition } from "./risks.ts";
import {
  HTTP_POSSIBLE,
  METRICS_AVAILABLE,
  sampleConditions,
  sampleConditionTypes,
} from "./sample-conditions.ts";
import { isWorkloadUnread, unreadSentence } from "./unread.ts";

const HEALTHY: Readonly<Record<GuardPhase, Condition["status"]>> = {
  Waiting: "Unknown",
  NotEvaluated: "Unknown",
  Progressing: "Unknown",
  Baking: "True",
  Healthy: "True",
  Failing: "False",
  RollingBack: "False",
  NotRecovered: "False",
};

/** A guard whose rollbacks are held back cannot do its work, though nothing of it is wrong. */
function stopOf({ surroundings: { stoppedUntilAt } }: Snapshot, now: number): string | undefined {
  return stoppedUntilAt !== undefined && now < stoppedUntilAt ? SAFETY_STOP : undefined;
}

/** Whatever the phase: nothing is healthy of which no pod is available although some are desired. */
function healthOf(phase: GuardPhase, rollout: Rollout | undefined): Condition["status"] {
  const isDown = rollout && rollout.workload.desiredReplicas > 0 && rollout.workload.availableReplicas === 0;
  return isDown && HEALTHY[phase] === "True" ? "False" : HEALTHY[phase];
}

const MESSAGE_BYTES = 2_000;
/** The status holds ten conditions. What others have put there stays as far as there is room. */
const MOST_OF_OTHERS = 5;
const OWN: ReadonlySet<string> = new Set(["Ready", "Healthy", PROBED, METRICS_AVAILABLE, HTTP_POSSIBLE]);
/** Of a guard in whatever state. */
const ALWAYS: ReadonlySet<string> = new Set(["Ready", "Healthy"]);

/** Why the guard cannot do its work; undefined when it can. */
function whyNotReady(
  snapshot: Snapshot,
  { phase, reason, message }: Outcome,
  now: number,
): { readonly reason: string; readonly message: string } | undefined {
  const isUnseen = reason === "TargetNotFound" && isWorkloadUnread(snapshot);
  if (phase === "Waiting" && !isUnseen) return { reason, message };
  const stopped = stopOf(snapshot, now);
  if (stopped !== undefined) return { reason: "SafetyStop", message: stopped };
  const unread = unreadSentence(snapshot);
  if (unread !== undefined) return { reason: "CannotRead", message: unread };
  const refused = refusedPauseSentence(snapshot);
  return refused === undefined ? undefined : { reason: "Refused", message: refused };
}

/** The conditions after an outcome; a repeated verdict keeps its transition time. */
export function conditionsOf(
  snapshot: Snapshot,
  rollout: Rollout | undefined,
  outcome: Outcome,
  now: number,
): Condition[] {
  const { guard } = snapshot;
  const { phase, reason } = outcome;
  const message = shortText(outcome.message, MESSAGE_BYTES);
  const targetKind = "valid" in guard.spec ? guard.spec.valid.target.kind : "target";
  const observedGeneration = guard.generation;
  const notReady = whyNotReady(snapshot, outcome, now);
  const ready = notReady
    ? {
        status: "False" as const,
        reason: notReady.reason,
        message: shortText(notReady.message, MESSAGE_BYTES),
      }
    : {
        status: "True" as const,
        reason: "Watching",
        message: shortText(
          [`The guard watches its ${targetKind}.`, ...oddities(snapshot, now)].join(" "),
          MESSAGE_BYTES,
        ),
      };
  const known = guard.status.conditions ?? [];
  const measured = rollout ? sampleConditionTypes(rollout) : new Set<string>();
  const before = [
    // Without a workload there are no probes and no checks to speak of.
    ...known.filter(({ type }) =>
      type === PROBED ? rollout !== undefined : ALWAYS.has(type) || measured.has(type),
    ),
    ...known.filter(({ type }) => !OWN.has(type)).slice(0, MOST_OF_OTHERS),
  ];
  const withReady = setCondition(before, { type: "Ready", observedGeneration, ...ready }, rfc3339(now));
  const withProbed = rollout
    ? setCondition(
        withReady,
        { type: PROBED, observedGeneration, ...probedCondition(rollout.revision) },
        rfc3339(now),
      )
    : withReady;
  const withMeasured = (rollout ? sampleConditions(rollout, now) : []).reduce(
    (conditions, condition) => setCondition(conditions, { ...condition, observedGeneration }, rfc3339(now)),
    withProbed,
  );
  return setCondition(
    withMeasured,
    { type: "Healthy", status: healthOf(phase, rollout), observedGeneration, reason, message },
    rfc3339(now),
  );
}
