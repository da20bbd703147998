// Incidents: raw JSON → IncidentView, checked against the schema once per version of the object.
import { type IncidentStatus, incidentSpecSchema, incidentStatusSchema } from "../../api/incident.ts";
import type { IncidentView } from "../../domain/snapshot.ts";
import { isObject, metaOf, type RawObject } from "../objects.ts";
import { deepFreeze } from "./deep-freeze.ts";
import { parseFields } from "./tolerant-parse.ts";

/** The Incident, or undefined when its spec says too little to be one: the API server lets nobody write that. */
export function projectIncident(object: RawObject): IncidentView | undefined {
  const meta = metaOf(object);
  const spec = incidentSpecSchema.safeParse({
    findings: [],
    ...parseFields(incidentSpecSchema.shape, object.spec),
  });
  if (!spec.success) return undefined;
  return deepFreeze({
    name: meta.name,
    uid: meta.uid,
    spec: spec.data,
    status: projectStatus(object.status),
  });
}

/**
 * The status with what is valid in it. It is undefined only without a valid phase: a small mistake in it
 * must not make an ended Incident look like one that has just begun.
 */
function projectStatus(raw: unknown): IncidentStatus | undefined {
  if (!isObject(raw)) return undefined;
  const fields = parseFields(incidentStatusSchema.shape, raw);
  const status = incidentStatusSchema.safeParse({ message: "", timeline: [], ...fields });
  return status.success ? status.data : undefined;
}
