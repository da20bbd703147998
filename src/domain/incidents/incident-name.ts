// The name of an Incident: computed from the rollout that failed, so that the API server refuses a second one for it. Pure.
import type { RevisionView } from "../snapshot/revision.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

const LONGEST_NAME = 253;

/**
 * The name of the Incident of a rollout: that of the object that holds its revision; with a number when the same template failed before,
 * or when somebody else's Incident has the name.
 */
export function incidentName(
  { incidents, otherIncidents = [] }: Pick<Snapshot, "incidents" | "otherIncidents">,
  { source }: RevisionView,
): string {
  const taken = new Set([...incidents, ...otherIncidents].map(({ name }) => name));
  const numbers = incidents.map(({ name }) => incidentNumberIn(name, source.name) ?? 0);
  let number = Math.max(0, ...numbers) + 1;
  while (taken.has(incidentNameOf(source.name, number))) number += 1;
  return incidentNameOf(source.name, number);
}

/** The name of the Incident of that number about the revision that the object of that name holds. */
export function incidentNameOf(source: string, number: number): string {
  const suffix = number === 1 ? "" : `-${number}`;
  return source.slice(0, LONGEST_NAME - suffix.length) + suffix;
}

/** The number in a name that {@link incidentNameOf} gives; undefined for any other name. */
export function incidentNumberIn(name: string, source: string): number | undefined {
  if (name === source) return 1;
  const number = Number(/-([1-9]\d{0,5})$/.exec(name)?.[1]);
  return number > 1 && name === incidentNameOf(source, number) ? number : undefined;
}
