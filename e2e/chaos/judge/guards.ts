// Does what the guard says at the end agree with the cluster? Pure.
import type { GuardPhase } from "../../../src/api/rollout-guard.ts";
import { holdsAt } from "../intervals.ts";
import type { Circumstances } from "./circumstances.ts";
import { incidentsAbout, isInProgress, type Life } from "./life.ts";
import type { Violation } from "./violation.ts";

/** Beside the bake time: what operators may need to see it. */
const SEEN_MS = 20_000;

export function judgeGuard(life: Life, circumstances: Circumstances): readonly Violation[] {
  const { guard, endMs, hasGuard } = life;
  if (!hasGuard) return [];
  const say = (what: string): Violation => ({ rule: "guard", atMs: endMs, what });
  if (guard?.phase === undefined) return [say("the guard has no status")];
  // While a rollback is under way its Incident tells the story, and status waits.
  if (life.incidents.some((incident) => isInProgress(life, incident))) return [];
  const expected = expectedPhases(life, circumstances);
  const wrongs: string[] = [];
  if (expected && !expected.includes(guard.phase))
    wrongs.push(`the guard is ${guard.phase}, and ought to be ${expected.join(" or ")}`);
  const open = life.incidents.filter(({ phases }) =>
    ["Held", "Acting", "Verifying"].includes(phases.at(-1)?.phase ?? ""),
  );
  if (guard.activeIncident !== open.at(-1)?.name)
    wrongs.push(
      `the guard's active Incident is ${guard.activeIncident ?? "none"}, open is ${open.at(-1)?.name ?? "none"}`,
    );
  if (life.guardSinceMs < 1_000) wrongs.push(...wrongCounts(life));
  return wrongs.map(say);
}

function wrongCounts({ guard, incidents, rollouts }: Life): readonly string[] {
  const rollbacks = rollouts.filter(({ by }) => by === "operator").length;
  const wrongs: string[] = [];
  if (guard?.incidents !== incidents.length)
    wrongs.push(`the guard counts ${guard?.incidents} Incidents, there were ${incidents.length}`);
  if (guard?.rollbacks !== rollbacks)
    wrongs.push(`the guard counts ${guard?.rollbacks} rollbacks, there were ${rollbacks}`);
  return wrongs;
}

/** The phases that are right; undefined when more than this judge knows decides. */
function expectedPhases(life: Life, circumstances: Circumstances): readonly GuardPhase[] | undefined {
  const { endMs, rollouts, plan } = life;
  const lastMs = endMs - 1;
  if (holdsAt(life.withoutDeployment, lastMs)) return ["Waiting"];
  const present = rollouts.at(-1);
  if (present === undefined || holdsAt(life.paused, lastMs)) return undefined;
  if (holdsAt(life.scaledToZero, lastMs)) return ["NotEvaluated"];
  if (present.version.truth === "bad") {
    const incident = incidentsAbout(life, present, circumstances.startAt).at(-1);
    if (incident === undefined) return undefined;
    // What is bad can look well for a while.
    return incident.status?.brake?.reason === "SignsGone" ? ["Progressing", "Baking"] : ["Failing"];
  }
  const last = present.complete.at(-1);
  const isComplete = last !== undefined && last.toMs === endMs;
  if (!isComplete) return undefined;
  const hasBaked = endMs - last.fromMs > plan.guard.bakeTimeMs + SEEN_MS;
  return hasBaked ? ["Healthy"] : ["Healthy", "Baking"];
}
