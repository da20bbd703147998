// The target in the spec of a guard or of an Incident, even where the rest of the spec is wrong.
import { asName, asObject, type RawObject } from "../objects.ts";
import { type Target, workloadKindOf } from "../reconcile-key.ts";

/** The target; without a name where there is none that an object can have. */
export function projectTarget(object: RawObject): Target {
  const { kind, name } = asObject(asObject(object.spec).target);
  return { kind: workloadKindOf(kind), name: asName(name) ?? "" };
}
