// What the rollout changed, as the place to begin with. Pure.
import { templateChanges } from "../changes/template-changes.ts";
import type { Rollout } from "../rollout/rollout.ts";

const MOST_CHANGES = 3;

/** " Start with what the rollout changed: …", or nothing where it changed nothing that is known. */
export function changesText({ baseline, revision }: Pick<Rollout, "baseline" | "revision">): string {
  const changes = baseline ? templateChanges(baseline, revision) : [];
  if (changes.length === 0) return "";
  const more = changes.length > MOST_CHANGES ? `, and ${changes.length - MOST_CHANGES} more` : "";
  return ` Start with what the rollout changed: ${changes.slice(0, MOST_CHANGES).join("; ")}${more}.`;
}
