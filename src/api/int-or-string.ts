// Fields that take a whole number or a string, as maxSurge and the ports of Services do.
import { z } from "zod";
import type { ValidationRule } from "./validation-rule.ts";

interface IntOrString extends Required<Pick<ValidationRule<string>, "message">> {
  /** The form of the string, RE2-compatible; a whole number has to have it too. */
  readonly pattern: string;
}

/**
 * A whole number, or a string of that form. The form reaches the CRD as a pattern: the API server refuses a CEL rule over
 * such a field, because it takes its length to be without limit.
 */
export function intOrString({ pattern, message }: IntOrString) {
  const form = new RegExp(pattern);
  return z
    .custom<number | string>(
      (value) =>
        (typeof value === "string" || (typeof value === "number" && Number.isInteger(value))) &&
        form.test(String(value)),
      { message },
    )
    .meta({ "x-kubernetes-int-or-string": true, pattern });
}
