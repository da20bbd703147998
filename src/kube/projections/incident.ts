// Incidents: raw JSON → IncidentView, checked against the schema once per version of the object.
import { type IncidentStatus, incidentSpecSchema, incidentStatusSchema } from "../../api/incident.ts";
import type { IncidentView } from "../../domain/snapshot/incident.ts";
import { isObject, metaOf, type RawObject } from "../objects.ts";
import type { Target } from "../reconcile-key.ts";
import { deepFreeze } from "./deep-freeze.ts";
import { isBackdated, liesAhead } from "./implausible-time.ts";
import { projectTarget } from "./target.ts";
import { parseFields } from "./tolerant-parse.ts";

/** An Incident as cached. One that cannot be read is kept too: its name is taken, and people are told of it. */
export interface IncidentProjection {
  /** The workload that it is about; without a name when it does not say. */
  readonly target: Target;
  /** Undefined when its spec says too little to be one. */
  readonly view?: IncidentView | undefined;
  /** What of it could not be read, in a sentence. */
  readonly problem?: string | undefined;
}

/** The Incident, observed at `at`. */
export function projectIncident(object: RawObject, _previous: unknown, at: number): IncidentProjection {
  const meta = metaOf(object);
  const target = projectTarget(object);
  const { fields, spoiled } = parseFields(incidentSpecSchema.shape, object.spec);
  const spec = incidentSpecSchema.safeParse({ findings: [], ...fields });
  if (!spec.success) {
    const missing = [...new Set([...spoiled, ...spec.error.issues.map(({ path }) => String(path[0]))])];
    return deepFreeze({
      target,
      problem: `RolloutGuard did not write this Incident (spec: ${missing.join(", ")}). It is ignored.`,
    });
  }
  const { status, spoiled: spoiledStatus } = readStatus(object.status, {
    detectedAt: spec.data.detectedAt,
    createdAt: meta.createdAt,
    at,
  });
  // The API server's own word says when it was written; nothing can have been detected long after that.
  const wroteAt = meta.createdAt > 0 ? meta.createdAt : at;
  const isAhead = liesAhead(spec.data.detectedAt, wroteAt);
  const detectedAt = isAhead ? new Date(wroteAt).toISOString() : spec.data.detectedAt;
  // A rollout that failed had begun before that.
  const isEndless = Date.parse(spec.data.rolloutStartedAt) > Date.parse(detectedAt);
  const rolloutStartedAt = isEndless ? detectedAt : spec.data.rolloutStartedAt;
  const wrong = [
    ...spoiled.map((field) => `spec.${field}`),
    ...(isAhead ? ["spec.detectedAt"] : []),
    ...(isEndless ? ["spec.rolloutStartedAt"] : []),
    ...spoiledStatus.map((field) => `status.${field}`),
  ];
  return deepFreeze({
    target: { kind: spec.data.target.kind, name: spec.data.target.name },
    view: {
      name: meta.name,
      uid: meta.uid,
      spec: { ...spec.data, detectedAt, rolloutStartedAt },
      status,
      ...(meta.createdAt > 0 && { createdAt: meta.createdAt }),
      ...(wrong.length > 0 && { leftOut: wrong }),
    },
    ...(wrong.length > 0 && {
      problem: `It has values that RolloutGuard never writes (${wrong.join(", ")}). They are ignored.`,
    }),
  });
}

/**
 * The status with what is valid in it. It is undefined only without a valid phase: a small mistake in it
 * must not make an ended Incident look like one that has just begun. A step that lies ahead counts as made
 * when the failure was detected: else it would stand in the way of others until then. What else lies ahead is left out. So are
 * steps that are older than the Incident: it is opened before anything is done.
 */
function readStatus(
  raw: unknown,
  {
    detectedAt,
    createdAt,
    at,
  }: { readonly detectedAt: string; readonly createdAt: number; readonly at: number },
): { readonly status: IncidentStatus | undefined; readonly spoiled: readonly string[] } {
  if (!isObject(raw)) return { status: undefined, spoiled: [] };
  const { fields, spoiled } = parseFields(incidentStatusSchema.shape, raw);
  const parsed = incidentStatusSchema.safeParse({ message: "", timeline: [], ...fields });
  if (!parsed.success) return { status: undefined, spoiled };
  const status: IncidentStatus = { ...parsed.data };
  const wrong: string[] = [];
  const { steps, timeline, endedAt } = status;
  if (steps !== undefined) {
    const made = steps
      .map((step) => (liesAhead(step.startedAt, at) ? { ...step, startedAt: detectedAt } : step))
      .filter(({ startedAt }) => !isBackdated(startedAt, createdAt));
    if (made.length > 0) status.steps = made;
    else delete status.steps;
    if (made.length < steps.length || made.some((step) => !steps.includes(step)))
      wrong.push("steps.startedAt");
  }
  if (timeline.some((entry) => liesAhead(entry.at, at))) {
    status.timeline = timeline.filter((entry) => !liesAhead(entry.at, at));
    wrong.push("timeline.at");
  }
  if (endedAt !== undefined && liesAhead(endedAt, at)) {
    delete status.endedAt;
    wrong.push("endedAt");
  }
  return { status, spoiled: [...spoiled, ...wrong] };
}
