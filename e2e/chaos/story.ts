// A violation with its story: what happened to that application, in the order of time. Pure.
import type { Actor, Entry, WorldEntry } from "./chronicle.ts";
import type { ApplicationPlan } from "./plan/application-plan.ts";

/** Lines that a person can read. */
export function describeStory(
  plan: ApplicationPlan,
  entries: readonly Entry[],
  world: readonly WorldEntry[],
): readonly string[] {
  const own = entries.flatMap((entry) => {
    const what = tell(entry);
    return what === undefined ? [] : [{ atMs: entry.atMs, what }];
  });
  const around = world.map(({ atMs, what }) => ({ atMs, what: `                  · ${what}` }));
  const lines = [...own, ...around].sort((a, b) => a.atMs - b.atMs);
  return [
    `${plan.namespace}/${plan.name}: ${JSON.stringify(plan.guard)}, ${plan.replicas} pods, ${JSON.stringify(plan.deployment)}, ${JSON.stringify(plan.meddler ?? "left alone")}, ${JSON.stringify(plan.refusal ?? "never refused")}`,
    ...lines.map(({ atMs, what }) => `${(atMs / 1_000).toFixed(1).padStart(7)} s  ${what.slice(0, 400)}`),
  ];
}

const HOW: Readonly<Record<Actor, string>> = {
  people: "told to run",
  engine: "PUT BACK to",
  operator: "ROLLED BACK to",
};

function tell(entry: Entry): string | undefined {
  switch (entry.is) {
    case "template":
      return `Deployment   ${HOW[entry.by]} ${entry.tag}`;
    case "patched":
      return `Deployment   patched for ${entry.incident}`;
    case "admitted":
      return "Deployment   changed by admission alone";
    case "deploymentDeleted":
      return "Deployment   deleted";
    case "paused":
      return `Deployment   ${entry.isPaused ? "paused" : "goes on"}, by ${entry.by}`;
    case "veto":
      return `Deployment   veto ${entry.isSet ? "set" : "removed"}`;
    case "scaled":
      return `Deployment   wants ${entry.replicas} pods`;
    case "complete":
      return `Deployment   ${entry.isComplete ? "complete" : "not complete"}, ${entry.tag}`;
    case "endpoints":
      return `Service      ${entry.ready} ready endpoints`;
    case "guardCreated":
      return "guard        created";
    case "guardDeleted":
      return "guard        deleted";
    case "guard":
      return `guard        ${entry.status.phase}`;
    case "incident":
      return `Incident     ${entry.name} ${entry.phase}: ${entry.spec.reason}: ${entry.status?.message ?? entry.spec.message}`;
    case "step":
      return `people       ${entry.what}`;
    case "log":
      return `${entry.operator.padEnd(12)} ${entry.level}: ${entry.message}`;
  }
}
