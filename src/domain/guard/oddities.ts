// What is odd about a guard that works: it asks for things that are not there or cancel each other. Told in its Ready condition. Pure.
import { implausibleIncidents } from "../history/implausible.ts";
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
  const { metrics, http, ...others } = checks;
  const isBlind = !metrics?.length && !http?.length && Object.values(others).every(({ enabled }) => !enabled);
  const unreadable = otherIncidents.filter(({ problem }) => problem !== undefined);
  return [
    ...(missing.length > 0
      ? [`spec.services lists Services that do not exist: ${list(missing)}. The guard ignores them.`]
      : []),
    ...(external.length > 0
      ? [
          `spec.services lists ExternalName Services, which have no endpoints: ${list(external.map(({ name }) => name))}.`,
        ]
      : []),
    ...(isBlind
      ? ["All checks are disabled in spec.checks, so RolloutGuard cannot detect a failing rollout."]
      : []),
    ...twoVersions(snapshot),
    ...impossible(snapshot, now),
    ...(unreadable.length > 0
      ? [
          `RolloutGuard ignores Incidents that it cannot read; you can delete them: ${list(unreadable.map(({ name }) => name))}.`,
        ]
      : []),
  ];
}

/** Somebody else wrote what an Incident says, or what stands in RolloutGuard's annotations. */
function impossible(snapshot: Snapshot, now: number): readonly string[] {
  const { workload } = snapshot;
  const named = implausibleIncidents(snapshot, now).map(
    ({ name, fields }) => `${name} (${fields.join(", ")})`,
  );
  const annotations = workload?.leftOut ?? [];
  return [
    ...(named.length > 0
      ? [`RolloutGuard ignores values in Incidents that it did not write: ${list(named)}.`]
      : []),
    ...(annotations.length > 0
      ? [
          `RolloutGuard ignores values in annotations of the ${workload?.kind} that it did not write: ${list(annotations)}.`,
        ]
      : []),
  ];
}

/** The revision is known by its number only. */
function twoVersions({ workload, revisions }: Snapshot): readonly string[] {
  if (workload === undefined) return [];
  const current = rulesOf(workload).currentRevision(workload, revisions);
  if (current === undefined || current.templateKey === workload.templateKey) return [];
  const { kind, name } = current.source;
  return [
    `The pod templates of the ${workload.kind} and of ${kind} ${name} differ, although Kubernetes treats them as the same: API servers of different versions set different defaults. The guard uses the revision number ${current.revision}.`,
  ];
}

function list(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return `${names.slice(0, MOST_NAMES).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
