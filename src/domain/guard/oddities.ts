// What is odd about a guard that works: it asks for things that are not there or cancel each other. Told in its Ready condition. Pure.
import { incredibleIncidents } from "../history/incredible.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { rulesOf } from "../workload/rules-by-kind.ts";

/** At most so many names in one sentence. */
const MOST_NAMES = 10;

/** A sentence for each oddity; none for a guard in order. */
export function oddities(snapshot: Snapshot, now: number): readonly string[] {
  const { guard, services, otherIncidents = [] } = snapshot;
  if (!("valid" in guard.spec)) return [];
  const { checks, services: named = [] } = guard.spec.valid;
  const missing = named.filter((name) => !services.some((service) => service.name === name));
  const external = services.filter(({ name, isExternalName }) => isExternalName && named.includes(name));
  const isBlind = Object.values(checks).every(({ enabled }) => !enabled);
  const unreadable = otherIncidents.filter(({ problem }) => problem !== undefined);
  return [
    ...(missing.length > 0
      ? [`spec.services names what does not exist: ${list(missing)}; the guard goes on without.`]
      : []),
    ...(external.length > 0
      ? [
          `spec.services names ExternalName Services, which have no endpoints to lose: ${list(external.map(({ name }) => name))}.`,
        ]
      : []),
    ...(isBlind ? ["Every check is turned off in spec.checks: no rollout can be found to fail."] : []),
    ...twoVersions(snapshot),
    ...impossible(snapshot, now),
    ...(unreadable.length > 0
      ? [
          `Incidents that cannot be read are ignored and may be deleted: ${list(unreadable.map(({ name }) => name))}.`,
        ]
      : []),
  ];
}

/** Somebody else wrote what an Incident says. */
function impossible(snapshot: Snapshot, now: number): readonly string[] {
  const incredible = incredibleIncidents(snapshot, now);
  if (incredible.length === 0) return [];
  const named = incredible.map(({ name, fields }) => `${name} (${fields.join(", ")})`);
  return [`Incidents say what RolloutGuard did not write, and that counts for nothing: ${list(named)}.`];
}

/** The revision is known by its number only. */
function twoVersions({ workload, revisions }: Snapshot): readonly string[] {
  if (workload === undefined) return [];
  const current = rulesOf(workload).currentRevision(workload, revisions);
  if (current === undefined || current.templateKey === workload.templateKey) return [];
  const { kind, name } = current.source;
  return [
    `The pod templates of the ${workload.kind} and of ${kind} ${name} differ, though Kubernetes takes them for one: API servers of two versions fill in different defaults. The guard goes by the revision number ${current.revision}.`,
  ];
}

function list(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return `${names.slice(0, MOST_NAMES).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
