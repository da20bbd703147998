// Whether what came of a rollback is what was meant, in the whole template: admission can have its own word. Pure.
import { templateChanges } from "../changes/template-changes.ts";
import { nameRevision } from "../history/revisions.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { IncidentView } from "../snapshot/incident.ts";

const MOST_NAMED = 3;
/** Revisions are dated to the second. */
const CLOCKS_MS = 1_000;

/**
 * What admission made different of the restored template, as the end of a sentence; what it kept of the failed one comes first. Empty
 * where the template is the one that was meant, or where that is gone.
 * @param sentAt when the rollback was sent (epoch ms): a revision that is older was restored as it was
 */
export function otherThanMeant(
  { snapshot, revision }: Rollout,
  { spec }: Pick<IncidentView, "spec">,
  sentAt: number,
): string {
  const byHash = (hash: string | undefined) => snapshot.revisions.find((one) => one.hash === hash);
  const meant = byHash(spec.restoreRevision?.hash);
  if (!meant || meant.hash === revision.hash || revision.createdAt < sentAt - CLOCKS_MS) return "";
  const differences = templateChanges(meant, revision);
  const failed = byHash(spec.failedRevision.hash);
  const ofFailed = new Set(failed ? templateChanges(meant, failed) : []);
  const kept = differences.filter((line) => ofFailed.has(line));
  const own = differences.filter((line) => !ofFailed.has(line));
  const failedName = nameRevision(spec.failedRevision);
  return [
    kept.length > 0 ? `, but admission kept changes of ${failedName}: ${few(kept)}` : "",
    own.length > 0 ? `; admission changed the restored template: ${few(own)}` : "",
  ].join("");
}

function few(lines: readonly string[]): string {
  const more = lines.length - MOST_NAMED;
  return `${lines.slice(0, MOST_NAMED).join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
}
