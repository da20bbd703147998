// RolloutGuards: raw JSON → GuardView, checked against the schema once per version of the object.
import {
  type RolloutGuardStatus,
  rolloutGuardSpecSchema,
  rolloutGuardStatusSchema,
} from "../../api/rollout-guard.ts";
import type { GuardView } from "../../domain/snapshot.ts";
import { asObject, asText, metaOf, type RawObject } from "../objects.ts";
import { deepFreeze } from "./deep-freeze.ts";
import { describeSpecProblems } from "./spec-problems.ts";
import { parseFields } from "./tolerant-parse.ts";

/** A guard as cached. */
export interface GuardProjection {
  /** All but what only a look at the other guards tells. */
  readonly view: Omit<GuardView, "olderGuard">;
  /** The name of the Deployment that it names, even where the rest of its spec is wrong. */
  readonly target: string;
}

/** The guard. It never throws: a wrong spec becomes a sentence, a wrong field of the status is dropped. */
export function projectGuard(object: RawObject): GuardProjection {
  const meta = metaOf(object);
  const spec = rolloutGuardSpecSchema.safeParse(object.spec ?? {});
  return deepFreeze({
    target: asText(asObject(asObject(object.spec).target).name),
    view: {
      namespace: meta.namespace,
      name: meta.name,
      uid: meta.uid,
      generation: meta.generation,
      createdAt: meta.createdAt,
      spec: spec.success
        ? { valid: spec.data }
        : { invalid: describeSpecProblems(spec.error, object.spec ?? {}) },
      status: parseFields(rolloutGuardStatusSchema.shape, object.status) as RolloutGuardStatus,
    },
  });
}
