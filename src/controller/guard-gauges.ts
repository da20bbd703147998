// What the gauges show of each guard: its phase and the endpoints of its Services, as the last pass saw them.
import type { GuardPhase } from "../api/rollout-guard.ts";
import type { Decision } from "../domain/decision.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import type { Metrics } from "../telemetry/metrics.ts";

interface Shown {
  readonly namespace: string;
  readonly phase: GuardPhase;
  readonly readyEndpoints: readonly (readonly [service: string, count: number])[];
}

/** Holds the newest picture of each guard and gives it to the gauges at a scrape. */
export class GuardGauges {
  readonly #shown = new Map<string, Shown>();

  constructor(metrics: Pick<Metrics, "guards" | "readyEndpoints">) {
    metrics.guards.readFrom(() => this.#byPhase());
    metrics.readyEndpoints.readFrom(() => this.#endpoints());
  }

  show(key: string, { guard, services }: Snapshot, { phase }: Decision): void {
    const named = "valid" in guard.spec ? guard.spec.valid.services : undefined;
    const bound = new Set(named ?? guard.status.services);
    const readyEndpoints = services
      .filter(({ name }) => bound.has(name))
      .map(({ name, readyEndpoints }) => [name, readyEndpoints] as const);
    this.#shown.set(key, { namespace: guard.namespace, phase, readyEndpoints });
  }

  forget(key: string): void {
    this.#shown.delete(key);
  }

  #byPhase(): [{ phase: GuardPhase }, number][] {
    const counts = new Map<GuardPhase, number>();
    for (const { phase } of this.#shown.values()) counts.set(phase, (counts.get(phase) ?? 0) + 1);
    return [...counts].map(([phase, count]) => [{ phase }, count]);
  }

  #endpoints(): [{ namespace: string; service: string }, number][] {
    return [...this.#shown.values()].flatMap(({ namespace, readyEndpoints }) =>
      readyEndpoints.map(([service, count]): [{ namespace: string; service: string }, number] => [
        { namespace, service },
        count,
      ]),
    );
  }
}
