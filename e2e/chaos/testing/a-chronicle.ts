// For tests of the judge: the chronicle of one application, written by hand.
import type { IncidentPhase, IncidentSpec, IncidentStatus } from "../../../src/api/incident.ts";
import type { BrakeReason } from "../../../src/api/reasons.ts";
import type { RolloutGuardStatus } from "../../../src/api/rollout-guard.ts";
import type { Actor, Entry, OperatorWrite } from "../chronicle.ts";
import type { Evidence } from "../judge/evidence.ts";
import type { ApplicationPlan, GuardPlan } from "../plan/application-plan.ts";
import type { Episode } from "../plan/episodes.ts";
import type { Plan } from "../plan/plan.ts";
import type { Refusal } from "../plan/refusals.ts";
import type { PlannedVersion } from "../plan/versions.ts";

/** When a run begins (epoch ms). */
export const START_AT = Date.UTC(2026, 0, 1);
const LENGTH_MS = 600_000;

const version = (tag: string, truth: "good" | "bad"): PlannedVersion => ({
  tag,
  kind: truth === "good" ? "plain" : "health-500",
  truth,
  conclusiveMs: truth === "good" ? 0 : 60_000,
  patientMs: truth === "good" ? 0 : 60_000,
  version: { tag },
});

const GUARD: GuardPlan = {
  mode: "Rollback",
  bakeTimeMs: 20_000,
  patienceMs: undefined,
  rollbackTo: "LastGood",
  namesServices: false,
  maxRollbacks: 20,
  windowMs: 3_600_000,
  cooldownMs: 0,
  incidentHistoryLimit: 20,
};

/** v1, v3 and v5 are good, v2 and v4 are bad. */
export function aPlan(
  guard: Partial<GuardPlan> = {},
  episodes: readonly Episode[] = [],
  refusal?: Refusal,
): Plan {
  const life: ApplicationPlan = {
    namespace: "team-1",
    name: "app-1",
    guard: { ...GUARD, ...guard },
    trait: { is: "ordinary", replicas: 3, deployment: {}, roundMs: 0 },
    deployment: {},
    replicas: 3,
    versions: [1, 2, 3, 4, 5].map((n) => version(`v${n}`, n % 2 === 1 ? "good" : "bad")),
    steps: [],
    refusal,
  };
  return {
    seed: 1,
    applications: 1,
    namespaces: 1,
    lengthMs: LENGTH_MS,
    lives: [life],
    neighbours: [],
    isElected: false,
    disturbances: { episodes, deaths: [], clocks: [] },
    quietFromMs: LENGTH_MS - 120_000,
  };
}

/** A second of the run in milliseconds. */
const ms = (seconds: number): number => seconds * 1_000;

export function rolledOut(seconds: number, tag: string, by: Actor = "people", isNew = false): Entry {
  return { atMs: ms(seconds), is: "template", by, tag, template: `template of ${tag}`, isNew };
}

export function complete(seconds: number, tag: string, isComplete = true): Entry {
  return { atMs: ms(seconds), is: "complete", isComplete, tag };
}

export function guardReports(seconds: number, status: RolloutGuardStatus): Entry {
  return { atMs: ms(seconds), is: "guard", status };
}

export function incident(
  seconds: number,
  tag: string,
  phase: IncidentPhase | "deleted",
  {
    name = `app-1-${tag}`,
    detected = seconds,
    brake,
  }: { name?: string; detected?: number; brake?: BrakeReason } = {},
): Entry {
  const spec = {
    guard: { name: "app-1", uid: "guard" },
    failedRevision: { hash: tag, revision: 1, images: [`app-1:${tag}`] },
    detectedAt: new Date(START_AT + ms(detected)).toISOString(),
  } as unknown as IncidentSpec;
  const status = { phase, ...(brake && { brake: { reason: brake } }) } as unknown as IncidentStatus;
  return { atMs: ms(seconds), is: "incident", name, guardUid: "guard", phase, spec, status };
}

/** What an operator writes of the application. */
export function writeAt(seconds: number, write: string): OperatorWrite {
  return { atMs: ms(seconds), port: 1, write, namespace: "team-1", name: "app-1" };
}

/** A guard, and v1, which is good. */
export const BEGINNING: readonly Entry[] = [
  { atMs: 0, is: "guardCreated", uid: "guard" },
  rolledOut(1, "v1", "people", true),
  complete(5, "v1"),
];

/** v2 fails, is recorded and undone, and v1 serves again. */
export const UNDONE: readonly Entry[] = [
  rolledOut(100, "v2"),
  incident(160, "v2", "Acting"),
  rolledOut(161, "v1", "operator"),
  complete(165, "v1"),
  incident(226, "v2", "Recovered", { detected: 160 }),
  guardReports(227, { phase: "Healthy", incidents: 1, rollbacks: 1 }),
];

export function evidenceOf(entries: readonly Entry[], more: Partial<Evidence> = {}): Evidence {
  return {
    entries: new Map([["team-1/app-1", entries]]),
    writes: [],
    faults: [],
    samples: [],
    lifetimes: [{ operator: "first-1", fromMs: 0, toMs: undefined }],
    startAt: START_AT,
    ...more,
  };
}
