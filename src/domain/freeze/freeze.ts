// A suspicious rollout is paused, so that no further old pod is lost while the checks decide; and resumed as soon as it is not
// suspicious any more. Pure.
import type { FreezeRecord } from "../../api/rollout-guard.ts";
import type { Finding } from "../decision.ts";
import { pauseChange } from "../effects/change.ts";
import { changeEffect, isAct } from "../effects/effect.ts";
import { nameRevision } from "../history/revisions.ts";
import type { Outcome } from "../outcome.ts";
import { shortText } from "../plain-text.ts";
import { rfc3339 } from "../rfc3339.ts";
import { isFrozen } from "../rollout/frozen.ts";
import { mayPause } from "../rollout/may-pause.ts";
import { BEHAVIOUR_MS } from "../rollout/patience.ts";
import { RECHECK_MS } from "../rollout/progress.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { startTimeMs } from "../rollout/start-times.ts";
import { type PendingFinding, suspicionIn } from "./suspicion.ts";

/** No check waits longer for anything. */
const LONGEST_MS = 3_600_000;
/** An API server that refuses the pause for so long is not asked again in this rollout. */
const LONGEST_TRY_MS = 60_000;
const MESSAGE_BYTES = 600;

/** The guard and its workload are such that RolloutGuard may pause a rollout. */
export function mayFreeze(rollout: Rollout): boolean {
  return mayPause(rollout) && rollout.workload.desiredReplicas > 0;
}

/** What the guard has noted of a pause of this very rollout. */
export function freezeOfRollout({ snapshot, revision, startedAt }: Rollout): FreezeRecord | undefined {
  const { freeze } = snapshot.guard.status;
  const isIts = freeze?.revision === revision.hash && Date.parse(freeze.since) + 1_000 >= startedAt;
  return isIts ? freeze : undefined;
}

/**
 * The outcome of a judged rollout with what is done about its pause. A rollback ends the pause in its own patch.
 * @param isActing an Incident about it says already that RolloutGuard acts
 */
export function withFreeze(
  rollout: Rollout,
  outcome: Outcome,
  findings: readonly Finding[],
  { isOpen, isActing }: { readonly isOpen: boolean; readonly isActing: boolean },
  now: number,
): Outcome {
  if (!mayFreeze(rollout) || outcome.effects.some((effect) => effect.class === "change")) return outcome;
  const record = freezeOfRollout(rollout);
  const isDue = record === undefined || now < Date.parse(record.until);
  const suspicion = isDue && !isOpen ? suspicionIn(rollout, findings, now) : undefined;
  if (isFrozen(rollout.workload, rollout.revision)) {
    const isOver = record === undefined || record.state === "Resumed" || record.state === "ResumedByUser";
    if (isOver || !isDue || !(suspicion || isActing)) return resumed(rollout, outcome, record);
    const staying = stayingFrozen(rollout, outcome, record, isActing);
    // That a container has crashed is no longer suspicious once it runs steadily: nothing tells that but time.
    return { ...staying, wakeAts: [...staying.wakeAts, now + RECHECK_MS] };
  }
  switch (record?.state) {
    case "Paused": // Whoever took away pause and annotation at once has resumed it too.
      return { ...outcome, freeze: { ...record, state: "ResumedByUser" } };
    case "ResumedByUser":
      return outcome;
    case "Pausing": {
      const isTriedInVain = rollout.workload.isPaused || now - Date.parse(record.since) > LONGEST_TRY_MS;
      if (suspicion && !isTriedInVain) break;
      // Without a suspicion there was only no need yet: the rollout keeps its time.
      const freeze: FreezeRecord = { ...record, state: "Resumed" };
      return { ...outcome, freeze: isTriedInVain ? { ...freeze, until: rfc3339(now) } : freeze };
    }
    case "Resumed":
    case undefined:
      break;
  }
  return suspicion && !rollout.workload.isPaused
    ? freezing(rollout, outcome, suspicion, record, now)
    : outcome;
}

/** The intent first, then the pause. */
function freezing(
  rollout: Rollout,
  outcome: Outcome,
  finding: PendingFinding,
  record: FreezeRecord | undefined,
  now: number,
): Outcome {
  const isMeant = record?.state === "Pausing";
  const freeze: FreezeRecord = isMeant
    ? record
    : {
        revision: rollout.revision.hash,
        state: "Pausing",
        reason: finding.reason,
        message: shortText(finding.message, MESSAGE_BYTES),
        since: rfc3339(now),
        until: record?.until ?? rfc3339(longestUntil(rollout, finding, now)),
      };
  const change = pauseChange("pauseRollout", rollout.workload, { revision: rollout.revision.hash });
  return {
    ...outcome,
    freeze,
    effects: [...outcome.effects, changeEffect(change)],
    restsOn: finding.restsOn,
  };
}

/** As long as the checks can need: their patience with what a release does, and twice the usual start. */
function longestUntil(rollout: Rollout, { untilAt = 0 }: PendingFinding, now: number): number {
  const patientAt = now + BEHAVIOUR_MS + 2 * startTimeMs(rollout);
  return Math.min(Math.max(patientAt, untilAt), now + LONGEST_MS);
}

function stayingFrozen(rollout: Rollout, outcome: Outcome, record: FreezeRecord, isActing: boolean): Outcome {
  const freeze: FreezeRecord = { ...record, state: "Paused" };
  const wakeAts = [...outcome.wakeAts, Date.parse(record.until)];
  if (isActing) return { ...outcome, freeze, wakeAts };
  const message = frozenSentence(rollout, record);
  return { ...outcome, phase: "Progressing", reason: "Frozen", message, freeze, wakeAts };
}

/** "RolloutGuard paused the rollout of revision 2 (…) until … at the latest, because it is suspicious: …" */
export function frozenSentence({ revision }: Pick<Rollout, "revision">, record: FreezeRecord): string {
  return `RolloutGuard paused the rollout of ${nameRevision(revision)} until ${record.until} at the latest, because it is suspicious: ${record.message}.`;
}

/** What is noted comes first: whoever takes over knows whose resume it was. */
function resumed(rollout: Rollout, outcome: Outcome, record: FreezeRecord | undefined): Outcome {
  const change = pauseChange("resumeRollout", rollout.workload, { revision: rollout.revision.hash });
  return {
    ...outcome,
    ...(record && {
      freeze: { ...record, state: record.state === "ResumedByUser" ? record.state : "Resumed" },
    }),
    effects: [...outcome.effects, changeEffect(change)],
    // To go on as always needs no evidence.
    restsOn: outcome.effects.some(isAct) ? outcome.restsOn : [],
  };
}
