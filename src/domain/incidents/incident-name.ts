// The name of an Incident: computed from the rollout that failed, so that the API server refuses a second one for it. Pure.
import type { RevisionView } from "../snapshot/revision.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

const LONGEST_NAME = 253;

/**
 * The name of the Incident of a rollout: that of its ReplicaSet; with a number when the same template failed before,
 * or when somebody else's Incident has the name.
 */
export function incidentName(
  { incidents, otherIncidents = [] }: Pick<Snapshot, "incidents" | "otherIncidents">,
  revision: RevisionView,
): string {
  const taken = new Set([...incidents, ...otherIncidents].map(({ name }) => name));
  const numbers = incidents.map(({ name }) => incidentNumberIn(name, revision.name) ?? 0);
  let number = Math.max(0, ...numbers) + 1;
  while (taken.has(incidentNameOf(revision.name, number))) number += 1;
  return incidentNameOf(revision.name, number);
}

/** The name of the Incident of that number about the revision with that ReplicaSet. */
export function incidentNameOf(replicaSet: string, number: number): string {
  const suffix = number === 1 ? "" : `-${number}`;
  return replicaSet.slice(0, LONGEST_NAME - suffix.length) + suffix;
}

/** The number in a name that {@link incidentNameOf} gives; undefined for any other name. */
export function incidentNumberIn(name: string, replicaSet: string): number | undefined {
  if (name === replicaSet) return 1;
  const number = Number(/-([1-9]\d{0,5})$/.exec(name)?.[1]);
  return number > 1 && name === incidentNameOf(replicaSet, number) ? number : undefined;
}
