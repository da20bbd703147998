// Where an Incident is explained, as a link.
import { causePage, DOCUMENTATION_BASE } from "./causes.ts";
import type { IncidentSpec } from "./incident.ts";
import { reasonPage } from "./reasons.ts";

/** The page about the root cause; about the reason, where no cause is known. */
export function documentationOf({ reason, causes = [] }: Pick<IncidentSpec, "reason" | "causes">): string {
  const cause = causes[0]?.class ?? "Unknown";
  return `${DOCUMENTATION_BASE}/${cause === "Unknown" ? reasonPage(reason) : causePage(cause)}`;
}
