// Do the operators come to rest, and do they ask and tell no more than they must? Pure.
import type { OperatorWrite } from "../chronicle.ts";
import type { Circumstances } from "./circumstances.ts";
import { ENDED, type Life } from "./life.ts";
import { isRefusedTry } from "./refused.ts";
import type { Violation } from "./violation.ts";

const REST_MS = 20_000;
/** So long after it happened something may be told of; an operator's clock may be ahead by the second of a Date header. */
const TOLD_MS = 5_000;
const CLOCK_MS = 1_500;
/** When a bad version was to be undone, and so long after, nothing is said any more. */
const SEEN_MS = 50_000;
/** Two operators may both tell; each Incident and each change is told with so many writes of both at the most. */
const WRITES_PER_INCIDENT = 40;
const WRITES_PER_CHANGE = 24;

export function judgeRest(
  life: Life,
  { nodeLost }: Circumstances,
  writes: readonly OperatorWrite[],
): readonly Violation[] {
  const { endMs, rollouts, incidents, entries } = life;
  const lastActMs = Math.max(0, ...rollouts.map(({ fromMs }) => fromMs));
  const violations: Violation[] = [];
  // What may be reported: a Deployment that has become complete, or is so no longer, the end of its bake time, endpoints that
  // come and go, the end of an Incident, of which there is one, and a rollback that was tried and refused.
  const present = rollouts.at(-1);
  const completed = entries.filter(({ is }) => is === "complete").map(({ atMs }) => atMs);
  const served = entries.filter(({ is }) => is === "endpoints").map(({ atMs }) => atMs);
  const ended = incidents.flatMap(({ phases }) =>
    phases.filter(({ phase }) => ENDED.has(phase)).map(({ atMs }) => atMs),
  );
  const baked = completed.map((atMs) => atMs + life.plan.guard.bakeTimeMs);
  const refused = writes.filter((write) => isRefusedTry(life, write)).map(({ atMs }) => atMs);
  const news = [...completed, ...served, ...ended, ...baked, ...refused];
  // A bad version may still be given time, which begins again after an outage of nodes.
  const judgedFromMs = Math.max(present?.fromMs ?? 0, ...nodeLost.map(({ toMs }) => toMs));
  const isPending =
    present?.version.truth === "bad" && endMs - judgedFromMs < present.version.patientMs + SEEN_MS;
  const isReported = (atMs: number) =>
    news.some((newsMs) => newsMs - CLOCK_MS <= atMs && atMs <= newsMs + TOLD_MS);
  const late = writes.filter(
    (write) => write.atMs > endMs - REST_MS && !isReported(write.atMs) && !isRefusedTry(life, write),
  );
  if (late.length > 0 && !isPending && lastActMs < endMs - 60_000 - life.plan.guard.bakeTimeMs) {
    const kinds = [...new Set(late.map(({ write }) => write))].join(", ");
    violations.push({
      rule: "no rest",
      atMs: endMs,
      what: `${late.length} writes in the last ${REST_MS / 1_000} s: ${kinds}`,
    });
  }
  const changes = entries.filter(({ is }) => is === "step" || is === "complete").length;
  const bound = WRITES_PER_INCIDENT * incidents.length + WRITES_PER_CHANGE * changes;
  if (writes.length > bound) {
    const what = `${writes.length} writes of operators for ${changes} changes and ${incidents.length} Incidents`;
    violations.push({ rule: "too many requests", atMs: endMs, what });
  }
  return violations;
}
