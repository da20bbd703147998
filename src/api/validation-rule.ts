// A rule that a schema cannot say by itself, told once: as CEL for the API server and as a function for the operator.
import type { z } from "zod";

export interface ValidationRule<T> {
  /** The rule in CEL, over `self`, and `oldSelf` for what may not change. */
  readonly rule: string;
  /** What to write instead. */
  readonly message: string;
  /** The same rule for API servers older than CEL (before 1.25). Absent for a rule over `oldSelf`. */
  readonly holds?: ((value: T) => boolean) | undefined;
}

/** The key under which CRDs carry CEL rules. */
const VALIDATIONS = "x-kubernetes-validations";

/** The schema with one more rule, which reaches the CRD and, where it can, `parse`. */
export function withRule<S extends z.ZodType>(
  schema: S,
  { rule, message, holds }: ValidationRule<z.output<S>>,
): S {
  const earlier = (schema.meta()?.[VALIDATIONS] ?? []) as object[];
  const refined = holds ? schema.refine((value) => holds(value), { message }) : schema;
  return refined.meta({ ...schema.meta(), [VALIDATIONS]: [...earlier, { rule, message }] });
}
