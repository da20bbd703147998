// A story of a rollout as operators tell it, as data: what runs, what is released, what happens meanwhile, and what a careful
// person on call would want.
import type { SimulatedCluster, SimulatedClusterOptions } from "@rolloutguard/simulated-cluster";
import type { IncidentPhase } from "../../src/api/incident.ts";
import type { FindingReason } from "../../src/api/reasons.ts";
import type { Version } from "../testing/shop.ts";
import type { GuardOnDuty } from "./guard-on-duty.ts";

/** Everything happens in this namespace, to the Deployment and the Service `shop`. */
export const NAMESPACE = "field";

/** What a deed can do something to. */
export interface Scene {
  readonly cluster: SimulatedCluster;
  readonly guard: GuardOnDuty;
}

/** Something that happens. */
export type Deed = (scene: Scene) => void;

/** `no-rollback`: an Incident is fine, a rollback is wrong. */
export type Wanted = "rollback" | "incident" | "no-rollback" | "nothing";

export interface FieldStory {
  /** kebab-case. */
  readonly name: string;
  /** The letters of the kinds in e2e/field-stories/README.md. */
  readonly kind: string;
  readonly what: string;
  readonly want: Wanted;
  /** How long after the release the rollback comes at the latest. */
  readonly withinSeconds?: number;
  /** How many rollbacks there are, where it is not one. */
  readonly rollbacks?: number;
  /** The headline of the first Incident. */
  readonly reason?: FindingReason;
  /** How the last Incident ends; by default, of a rollback: Recovered. */
  readonly ends?: IncidentPhase;

  readonly nodes?: Pick<SimulatedClusterOptions, "nodes" | "nodeCapacity">;
  /** What is there besides, before anything is deployed. */
  readonly given?: readonly Deed[];
  /** The version that runs. */
  readonly before: Version;
  /** How long it has run when the guard is created, and how long the guard knows it (seconds). Default: 300 and 60. */
  readonly ranSeconds?: number;
  readonly guardedSeconds?: number;
  /** The spec of the guard, without its target. */
  readonly guardSpec?: object;
  /** The release: a version, or another deed. */
  readonly release: Version | Deed;
  /** What happens so many seconds after the release. */
  readonly later?: readonly (readonly [number, Deed])[];
  /** How long the story lasts after the release (seconds). Default: 1200. */
  readonly lastsSeconds?: number;
}
