// Whether two templates differ in some of the fields that nothing else is known of. Pure.
import type { TemplateView } from "../snapshot/template.ts";

/** Whether they differ in any of these fields of the pod's spec. */
export function differsIn(fields: readonly string[], one: TemplateView, other: TemplateView): boolean {
  return fields.some((field) => one.otherFields[field] !== other.otherFields[field]);
}
