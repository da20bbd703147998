// Names of objects in specs and status.
import { z } from "zod";
import { withRule } from "./validation-rule.ts";

/** The name of an object, as the operator writes it. */
export const objectName = z.string().min(1).max(253);

const NAME_PATTERN = "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$";

/** The name of an object, as a person writes it: `deployment/checkout` and the like are refused with what to write. */
export function objectNameOf(kind: string) {
  return withRule(objectName, {
    rule: `self.matches('${NAME_PATTERN}')`,
    message: `must be the ${kind}'s name alone, as kubectl get shows it: lower case letters, digits, '-' and '.'`,
    holds: (value) => new RegExp(NAME_PATTERN).test(value),
  });
}
