// Whether what came of a scenario is what had to come of it. Pure.
import type { Scenario } from "./scenarios/scenario.ts";
import type { Sight } from "./sight.ts";

/** What is known of a scenario once it is over. */
export interface Evidence {
  /** The template hash that ran before the change. */
  readonly firstHash: string;
  readonly sight: Sight;
  /** Patches of the Deployment that the operator sent and the API server took. */
  readonly rollbacks: number;
  /** Seconds of the cluster from the change to the end, or until the demo stopped waiting for it. */
  readonly seconds: number;
  readonly isOver: boolean;
}

export interface Outcome {
  readonly scenario: string;
  readonly wanted: string;
  readonly got: string;
  /** What is not as it must be, in sentences; empty when all is right. */
  readonly faults: readonly string[];
  readonly secondsToDetect: number | undefined;
  readonly secondsToRecover: number | undefined;
}

/** Compares what the cluster shows with what the scenario wants. */
export function judge(scenario: Scenario, evidence: Evidence): Outcome {
  const { expected, name } = scenario;
  const status = evidence.sight.incidents.at(-1)?.status;
  const faults =
    expected.outcome === "rolledBack" ? faultsOfRollback(expected.reason, evidence) : faultsOfPeace(evidence);
  return {
    scenario: name,
    wanted: expected.outcome === "rolledBack" ? `rolled back, ${expected.reason}` : "not rolled back",
    got: summaryOf(evidence),
    faults: [...faultsOfTime(evidence), ...faults, ...faultsOfService(evidence.sight)],
    secondsToDetect: status?.secondsToDetect,
    secondsToRecover: status?.secondsToRecover,
  };
}

function faultsOfTime({ isOver, seconds }: Evidence): string[] {
  return isOver ? [] : [`It was not finished after ${seconds}s.`];
}

function faultsOfRollback(reason: string, { firstHash, sight, rollbacks }: Evidence): string[] {
  const faults: string[] = [];
  const { incidents, newest } = sight;
  const [incident] = incidents;
  if (incidents.length !== 1) faults.push(`There are ${incidents.length} Incidents; expected 1.`);
  if (incident && incident.spec.reason !== reason) {
    faults.push(`The reason is ${incident.spec.reason}; expected ${reason}.`);
  }
  if (incident && incident.status?.phase !== "Recovered") {
    faults.push(`The Incident is ${incident.status?.phase ?? "without status"}; expected Recovered.`);
  }
  if (rollbacks !== 1) faults.push(`The Deployment was patched ${rollbacks} times; expected 1.`);
  if (newest?.hash !== firstHash) {
    faults.push(`Revision ${newest?.hash ?? "(none)"} runs; expected ${firstHash}.`);
  }
  return faults;
}

function faultsOfPeace({ firstHash, sight, rollbacks }: Evidence): string[] {
  const faults: string[] = [];
  const { incidents, newest, guard } = sight;
  for (const { metadata, spec } of incidents) {
    faults.push(`Incident ${metadata.name} was opened (${spec.reason}); expected none.`);
  }
  if (rollbacks !== 0) faults.push("The Deployment was patched; no patch was expected.");
  if (newest?.hash === firstHash) faults.push("The old revision still runs; expected the new one.");
  if (guard?.reason !== "RolloutGood") {
    faults.push(`The reason of the guard is ${guard?.reason ?? "not set"}; expected RolloutGood.`);
  }
  return faults;
}

function faultsOfService({ newest, wanted, endpoints }: Sight): string[] {
  const faults: string[] = [];
  if (newest?.ready !== wanted) faults.push(`${newest?.ready ?? 0} of ${wanted} pods are ready.`);
  if (endpoints !== wanted) faults.push(`The Service has ${endpoints} ready endpoints; expected ${wanted}.`);
  return faults;
}

function summaryOf({ sight, rollbacks }: Evidence): string {
  const incident = sight.incidents.at(-1);
  if (incident === undefined) {
    if (rollbacks > 0) return "rolled back without an Incident";
    return sight.guard?.reason === "RolloutGood" ? "not rolled back" : "no decision in time";
  }
  const { reason } = incident.spec;
  const phase = incident.status?.phase ?? "Incident";
  if (phase === "Recovered" && rollbacks > 0) return `rolled back, ${reason}`;
  return `${phase}, ${reason}`;
}
