// Incidents as commands read them: those of a namespace or of the cluster, newest first, also of older versions.
import type { IncidentView } from "../../../domain/snapshot/incident.ts";
import { type ListClient, listAll } from "../../../kube/list-all.ts";
import { metaOf, type RawObject } from "../../../kube/objects.ts";
import { projectIncident } from "../../../kube/projections/incident.ts";
import { apiVersionOf, RESOURCES } from "../../../kube/resources.ts";
import { cleaned } from "../../../reports/text/clean-texts.ts";
import { notFound } from "../../cluster/cluster-error.ts";

export interface ReadIncident {
  readonly namespace: string;
  readonly view: IncidentView;
  /** The object, as it may be shown: a manifest. */
  readonly object: RawObject;
  /** What of it could not be read, in a sentence. */
  readonly problem?: string | undefined;
}

export interface ReadIncidents {
  /** Newest first. */
  readonly incidents: readonly ReadIncident[];
  /** What could not be read at all, in sentences. */
  readonly problems: readonly string[];
}

/** Rejects with ApiError or ConnectionError. `now` is asked when they have been read. */
export async function readIncidents(
  client: ListClient,
  namespace: string | undefined,
  now: () => number,
  labelSelector?: string,
): Promise<ReadIncidents> {
  const objects = await listAll(client, "incidents", namespace, labelSelector);
  const incidents: ReadIncident[] = [];
  const problems: string[] = [];
  for (const object of objects) {
    const meta = metaOf(object);
    const { view, problem } = projectIncident(object, undefined, now());
    if (view === undefined)
      problems.push(cleaned(`Incident ${meta.namespace}/${meta.name}: ${problem ?? ""}`));
    else
      incidents.push(cleaned({ namespace: meta.namespace, view, object: manifestOf(object, view), problem }));
  }
  return { incidents: incidents.sort(newestFirst), problems };
}

/** Whether it has the name, or is about a Deployment or of a guard of that name. */
export function concernsIncident({ name, spec }: IncidentView, wanted: string): boolean {
  return name === wanted || spec.target.name === wanted || spec.guard?.name === wanted;
}

/**
 * The one of that name, or the newest about the Deployment, or of the guard, of that name: who names the application
 * means what happened to it. Throws CommandError, saying which was probably meant, or which there are.
 */
export function theIncident({ incidents }: ReadIncidents, name: string, namespace: string): ReadIncident {
  const found =
    incidents.find(({ view }) => view.name === name) ??
    incidents.find(({ view }) => concernsIncident(view, name));
  if (found) return found;
  const names = incidents.flatMap(({ view }) => [view.name, view.spec.target.name]);
  throw notFound(
    "Incident",
    name,
    namespace,
    [...new Set(names)],
    "no rollout of a guarded workload has failed there",
  );
}

/** What is valid in it, without what only the API server's bookkeeping needs. */
function manifestOf(object: RawObject, { spec, status }: IncidentView): RawObject {
  const { name, namespace, uid, labels, createdAt } = metaOf(object);
  const creationTimestamp = createdAt > 0 ? new Date(createdAt).toISOString() : undefined;
  const metadata = { name, namespace, uid, creationTimestamp, labels };
  return { apiVersion: apiVersionOf("incidents"), kind: RESOURCES.incidents.kind, metadata, spec, status };
}

function newestFirst(a: ReadIncident, b: ReadIncident): number {
  return (
    Date.parse(b.view.spec.detectedAt) - Date.parse(a.view.spec.detectedAt) ||
    (a.view.name < b.view.name ? -1 : 1)
  );
}

/** How long it took from the verdict to its end, or until now (ms). */
export function tookMs({ spec, status }: IncidentView, now: number): number {
  const endedAt = status?.endedAt === undefined ? now : Date.parse(status.endedAt);
  return Math.max(0, endedAt - Date.parse(spec.detectedAt));
}
