// What a run comes to, as it is passed on and printed. Pure.
import type { Chronicle } from "./chronicle.ts";
import type { Verdict } from "./judge/verdict.ts";
import type { Violation } from "./judge/violation.ts";
import type { Plan } from "./plan/plan.ts";
import { describeStory } from "./story.ts";

export interface RunResult {
  readonly seed: number;
  readonly applications: number;
  readonly namespaces: number;
  readonly simulatedMinutes: number;
  readonly rollouts: number;
  readonly rollbacks: number;
  readonly incidents: number;
  /** How many of the Incidents were held because the API server refused the rollback. */
  readonly refused: number;
  readonly kills: number;
  readonly episodes: number;
  readonly requests: number;
  /** The same for two runs only if all that happened was the same. */
  readonly digest: string;
  readonly violations: readonly (Violation & { readonly story: readonly string[] })[];
  /** The resident memory of the operator that was not killed, at each minute; with processes only. */
  readonly residentMb?: readonly number[];
  /** What was asked to be told. */
  readonly reported: readonly string[];
}

/** `tell` names an application whose story is wanted in any case. */
export function resultOf(
  plan: Plan,
  { chronicle, kills }: { readonly chronicle: Chronicle; readonly kills: number },
  { violations, lives }: Verdict,
  tell: string | undefined,
): RunResult {
  const storyOf = (application: string | undefined): readonly string[] => {
    const life = plan.lives.find(({ namespace, name }) => `${namespace}/${name}` === application);
    if (life === undefined || application === undefined) return [];
    return describeStory(life, chronicle.entries.get(application) ?? [], chronicle.world);
  };
  const rollouts = lives.flatMap((life) => life.rollouts);
  return {
    seed: plan.seed,
    applications: plan.applications,
    namespaces: plan.namespaces,
    simulatedMinutes: plan.lengthMs / 60_000,
    rollouts: rollouts.filter(({ by }) => by === "people").length,
    rollbacks: rollouts.filter(({ by }) => by === "operator").length,
    incidents: lives.flatMap((life) => life.incidents).length,
    refused: refusedIncidents(chronicle),
    kills,
    episodes: plan.disturbances.episodes.length,
    requests: chronicle.requests,
    digest: chronicle.digest(),
    violations: violations.map((violation) => ({ ...violation, story: storyOf(violation.application) })),
    reported: storyOf(tell),
  };
}

function refusedIncidents({ entries }: Chronicle): number {
  const held = [...entries].flatMap(([application, own]) =>
    own.flatMap((entry) =>
      entry.is === "incident" && entry.status?.brake?.reason === "Refused"
        ? `${application} ${entry.name}`
        : [],
    ),
  );
  return new Set(held).size;
}
