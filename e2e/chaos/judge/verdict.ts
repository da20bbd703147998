// The verdict on a run: everything that was done, held against the truth. Pure.
import type { OperatorWrite } from "../chronicle.ts";
import type { Plan } from "../plan/plan.ts";
import { type Circumstances, circumstancesOf } from "./circumstances.ts";
import type { Evidence } from "./evidence.ts";
import { judgeFigures } from "./figures.ts";
import { judgeGuard } from "./guards.ts";
import { judgeIncidents } from "./incidents.ts";
import { type Life, lifeOf } from "./life.ts";
import { judgeMissed } from "./missed.ts";
import { judgePaused } from "./paused.ts";
import { judgeRefused } from "./refused.ts";
import { judgeRest } from "./rest.ts";
import { judgeRollbacks } from "./rollbacks.ts";
import { judgeUnread } from "./unread.ts";
import type { Violation } from "./violation.ts";

export interface Verdict {
  readonly violations: readonly Violation[];
  readonly lives: readonly Life[];
}

export function judge(plan: Plan, evidence: Evidence): Verdict {
  const { entries, writes, faults } = evidence;
  const circumstances = circumstancesOf(plan, evidence);
  const writesOf = Map.groupBy(writes, ({ namespace }) => namespace);
  const lives = plan.lives.map((life) =>
    lifeOf(life, entries.get(`${life.namespace}/${life.name}`) ?? [], plan.lengthMs),
  );
  const violations = lives.flatMap((life) => {
    const { namespace, name } = life.plan;
    const own = (writesOf.get(namespace) ?? []).filter(
      ({ name: of }) => of === name || of.startsWith(`${name}-`),
    );
    return judgeLife(life, circumstances, own).map((violation) => ({
      ...violation,
      application: `${namespace}/${name}`,
    }));
  });
  const ended = faults.map((what) => ({ rule: "operator", atMs: plan.lengthMs, what }));
  const figures = judgeFigures(lives, circumstances, evidence);
  return { violations: [...ended, ...figures, ...violations], lives };
}

function judgeLife(
  life: Life,
  circumstances: Circumstances,
  writes: readonly OperatorWrite[],
): readonly Violation[] {
  return [
    ...judgeRollbacks(life, circumstances),
    ...judgeMissed(life, circumstances),
    ...judgeIncidents(life, circumstances),
    ...judgeRefused(life, circumstances, writes),
    ...judgeUnread(life, circumstances),
    ...judgePaused(life, circumstances),
    ...judgeGuard(life, circumstances),
    ...judgeRest(life, circumstances, writes),
    ...bugs(life),
  ];
}

/** What an operator itself calls a bug. */
function bugs({ entries }: Life): readonly Violation[] {
  const reported = entries.filter((entry) => entry.is === "log" && entry.message.includes("this is a bug"));
  const [first] = reported;
  if (first?.is !== "log") return [];
  return [{ rule: "operator", atMs: first.atMs, what: `${reported.length} times: ${first.message}` }];
}
