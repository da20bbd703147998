// The script of a run, from its seed. Pure: the same seed and size give the same plan.
import { type ApplicationPlan, planApplication } from "./application-plan.ts";
import { type Disturbances, planDisturbances } from "./disturbances.ts";
import { type Neighbour, planNeighbours } from "./neighbours.ts";

export interface PlanSize {
  readonly applications: number;
  readonly namespaces: number;
  /** How long the run is, in the cluster's time; the last two minutes are without faults. */
  readonly lengthMs: number;
}

export interface Plan extends PlanSize {
  readonly seed: number;
  readonly lives: readonly ApplicationPlan[];
  /** Nobody guards them, and they never work. */
  readonly neighbours: readonly Neighbour[];
  readonly disturbances: Disturbances;
  /** Whether of the operators only the holder of a Lease acts, as `config/` installs them; else both act. */
  readonly isElected: boolean;
  /** From then on nothing goes wrong any more, so that all can come to rest. */
  readonly quietFromMs: number;
}

const QUIET_MS = 120_000;
/** So long before the quiet nobody ships any more: what is bad by then has its evidence in the quiet. */
const LAST_STEPS_MS = 60_000;

export function makePlan(seed: number, size: PlanSize): Plan {
  const quietFromMs = size.lengthMs - QUIET_MS;
  const lives = Array.from({ length: size.applications }, (_, i) =>
    planApplication(seed, `team-${(i % size.namespaces) + 1}`, `app-${i + 1}`, {
      quietFromMs: quietFromMs - LAST_STEPS_MS,
    }),
  );
  return {
    seed,
    ...size,
    lives,
    neighbours: planNeighbours(seed, size.namespaces),
    disturbances: planDisturbances(seed, quietFromMs, size.lengthMs),
    isElected: seed % 2 === 0,
    quietFromMs,
  };
}
