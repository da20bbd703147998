// The release is a restart: its template differs from the good one only by marks that nothing reads. Pure.
import { isRestartMark } from "../../changes/restart-marks.ts";
import { nameRevision } from "../../history/revisions.ts";
import type { Rollout } from "../../rollout/rollout.ts";
import type { RevisionView } from "../../snapshot/revision.ts";
import { kubectlName } from "../../workload/kubectl-name.ts";
import type { Objection } from "./objection.ts";

export const onlyRestarted: Objection = (rollout, _headline, target) => {
  const { revision } = rollout;
  if (target.contentKey !== revision.contentKey) return undefined;
  return `${nameRevision(target)} differs from the failing revision only by a restart${marks(revision, target)}: ${whatChanged(rollout, target)}.${older(rollout)}`;
};

/** The annotations that make the difference. */
function marks(revision: RevisionView, target: RevisionView): string {
  const [now, before] = [revision.template.annotations, target.template.annotations];
  const names = Object.keys({ ...now, ...before })
    .filter((name) => isRestartMark(name) && now[name] !== before[name])
    .sort();
  return names.length > 0 ? ` (${names.join(", ")})` : " (kubectl rollout restart)";
}

/** What the pods read that is not in the template: an image behind a tag that moved, ConfigMaps and Secrets. */
function whatChanged(rollout: Rollout, target: RevisionView): string {
  const moved = movedImages(rollout, target);
  if (moved.length > 0) {
    return `the tag of ${moved.join(", ")} now points to a different image, and a rollback does not bring the former image back`;
  }
  const references = rollout.revision.template.references.filter((name) =>
    /^(?:ConfigMap|Secret)\//.test(name),
  );
  return references.length > 0
    ? `the cause is elsewhere, for example in the contents of ${references.slice(0, 5).join(", ")}`
    : "the cause is elsewhere";
}

/** Images of the template of which old and new pods run different digests. */
function movedImages({ snapshot, revision }: Rollout, target: RevisionView): readonly string[] {
  const digests = (id: string, container: string) =>
    new Set(
      snapshot.pods
        .filter(({ revisionId }) => revisionId === id)
        .flatMap(({ containers }) => containers.filter(({ name }) => name === container))
        .flatMap(({ imageId }) => imageId ?? []),
    );
  return revision.template.containers
    .filter(({ name }) => {
      const [now, before] = [digests(revision.id, name), digests(target.id, name)];
      return now.size > 0 && before.size > 0 && ![...now].some((digest) => before.has(digest));
    })
    .map(({ image }) => image);
}

/** The newest older revision with another content, as an offer. */
function older({ snapshot, revision, workload }: Rollout): string {
  const [other] = snapshot.revisions
    .filter(({ contentKey, isDeleting }) => contentKey !== revision.contentKey && !isDeleting)
    .sort((a, b) => b.revision - a.revision);
  if (other === undefined) return "";
  return ` To roll back to an older revision with a different template: kubectl rollout undo ${kubectlName(workload)} -n ${snapshot.guard.namespace} --to-revision=${other.revision}`;
}
