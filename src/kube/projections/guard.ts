// RolloutGuards: raw JSON → GuardView, checked against the schema once per version of the object.
import {
  type RolloutGuardSpec,
  type RolloutGuardStatus,
  rolloutGuardSpecSchema,
  rolloutGuardStatusSchema,
} from "../../api/rollout-guard.ts";
import type { GuardView } from "../../domain/snapshot/guard.ts";
import { metaOf, type RawObject } from "../objects.ts";
import type { Target } from "../reconcile-key.ts";
import { deepFreeze } from "./deep-freeze.ts";
import { liesAhead } from "./implausible-time.ts";
import { sharedPart } from "./shared-part.ts";
import { describeSpecProblems } from "./spec-problems.ts";
import { projectTarget } from "./target.ts";
import { parseFields } from "./tolerant-parse.ts";

/** A guard as cached. */
export interface GuardProjection {
  /** All but what only a look at the other guards tells. */
  readonly view: Omit<GuardView, "olderGuard">;
  /** The workload that it names, even where the rest of its spec is wrong. */
  readonly target: Target;
  /** What of it could not be read, in a sentence; a wrong spec is told in the guard's own conditions. */
  readonly problem?: string | undefined;
}

/**
 * The guard, observed at `at`. It never throws: a wrong spec becomes a sentence, a wrong field of the status is
 * dropped and marks the whole as spoiled.
 */
export function projectGuard(object: RawObject, _previous: unknown, at: number): GuardProjection {
  const meta = metaOf(object);
  const spec = rolloutGuardSpecSchema.safeParse(object.spec ?? {});
  const { status, spoiled } = readStatus(object.status, at);
  return deepFreeze({
    target: projectTarget(object),
    ...(spoiled.length > 0 && {
      problem: `The status has values that RolloutGuard never writes (${spoiled.join(", ")}). They are ignored, and the status is rewritten.`,
    }),
    view: {
      namespace: meta.namespace,
      name: meta.name,
      uid: meta.uid,
      generation: Math.max(0, meta.generation),
      createdAt: meta.createdAt,
      spec: spec.success
        ? { valid: withSharedParts(spec.data) }
        : { invalid: describeSpecProblems(spec.error, object.spec ?? {}) },
      status,
      ...(spoiled.length > 0 && { isStatusSpoiled: true }),
    },
  });
}

/** Most guards leave checks and limits to their defaults. */
function withSharedParts(spec: RolloutGuardSpec): RolloutGuardSpec {
  const { checks, limits } = spec;
  return {
    ...spec,
    checks: sharedPart("checks", checks, () => checks),
    limits: sharedPart("limits", limits, () => limits),
  };
}

/** The status as far as it can be believed, and the fields that cannot, or not in full. */
function readStatus(
  raw: unknown,
  at: number,
): { readonly status: RolloutGuardStatus; readonly spoiled: readonly string[] } {
  const { fields, spoiled } = parseFields(rolloutGuardStatusSchema.shape, raw);
  const status: RolloutGuardStatus = { ...fields };
  const ahead: string[] = [];
  if (status.current && liesAhead(status.current.since, at)) {
    delete status.current;
    ahead.push("current.since");
  }
  for (const mark of ["completedAt", "provenAt"] as const) {
    const { current } = status;
    if (current?.[mark] === undefined || !liesAhead(current[mark], at)) continue;
    status.current = { ...current, [mark]: undefined };
    ahead.push(`current.${mark}`);
  }
  for (const mark of ["lastIncidentAt", "lastRollbackAt"] as const) {
    const time = status[mark];
    if (time === undefined || !liesAhead(time, at)) continue;
    delete status[mark];
    ahead.push(mark);
  }
  const entries = status.revisions ?? [];
  const credible = entries.filter(
    ({ since, until }) => !liesAhead(since, at) && !(until !== undefined && liesAhead(until, at)),
  );
  if (credible.length < entries.length) {
    status.revisions = credible;
    ahead.push("revisions.since");
  }
  return { status, spoiled: [...spoiled, ...ahead] };
}
