// Where lint rules are documented.
import { DOCUMENTATION_BASE } from "../../../api/causes.ts";

/** The page of all rules, or the heading of one there. */
export function ruleLink(id?: string): string {
  return `${DOCUMENTATION_BASE}/lint-rules.md${id === undefined ? "" : `#${id}`}`;
}
