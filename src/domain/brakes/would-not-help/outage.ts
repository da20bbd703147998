// Many workloads that nobody changed became unavailable around the same time: it is the environment. Pure.
import { ongoing, outageAround } from "../../rollout/outages.ts";
import type { Rollout } from "../../rollout/rollout.ts";
import type { Objection } from "./objection.ts";

/** Workloads that call a failing one fail after it: so much later than the loss is theirs, not the environment's. */
const DEPENDENTS_MS = 5_000;
const MOST_NAMES = 5;

export const outage: Objection = (rollout, _headline, _target, now) => outageText(rollout, now);

/** What else fails at this moment, in a sentence; undefined when that is no outage. */
export function outageText({ snapshot, startedAt, loss }: Rollout, now: number): string | undefined {
  const { guard } = snapshot;
  const around = outageAround(snapshot, startedAt, now).filter(
    ({ downSinceAt }) => loss.sinceAt === 0 || downSinceAt <= loss.sinceAt + DEPENDENTS_MS,
  );
  const down = ongoing(around);
  if (down.length === 0 || around.length < 3) return undefined;
  const names = down.slice(0, MOST_NAMES).map(({ namespace, name, downSinceAt }) => {
    const where = namespace === guard.namespace ? name : `${namespace}/${name}`;
    return `${where} since ${new Date(downSinceAt).toISOString()}`;
  });
  const more = down.length > MOST_NAMES ? ` and ${down.length - MOST_NAMES} more` : "";
  const others =
    down.length === 1
      ? "1 Deployment that was not changed"
      : `${down.length} Deployments that were not changed`;
  return `${others} became unavailable too (${names.join(", ")}${more}); the environment is failing, not this release.`;
}
