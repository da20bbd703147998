// Going back would not help: the revision to restore fails the same way, or the cause lies outside the release. Pure.
import type { FailingFinding } from "../decision.ts";
import { nameRevision } from "../rollout/revisions.ts";
import { isLeftInPeace, type Rollout } from "../rollout/rollout.ts";
import { selects, unmatchedLabels } from "../rollout/services.ts";
import type { RevisionView } from "../snapshot/revision.ts";

/** So many settled Deployments must be down at once, and this share of them, to blame the environment. */
const ENVIRONMENT_COUNT = 3;
const ENVIRONMENT_SHARE = 0.3;

/** Why restoring `target` would not mend what the finding says, in a sentence; undefined when it may. */
export function whyGoingBackWouldNotHelp(
  rollout: Rollout,
  headline: FailingFinding,
  target: RevisionView,
): string | undefined {
  const name = nameRevision(target);
  if (target.contentKey === rollout.revision.contentKey) {
    return `${name} differs from the failing one only by a restart (kubectl rollout restart); the cause lies elsewhere.`;
  }
  return (
    sameService(rollout, headline, target) ??
    sameImage(rollout, headline, target) ??
    sameReference(headline, target) ??
    whatFailsToo(rollout, target) ??
    whatElseFails(rollout)
  );
}

function sameService(rollout: Rollout, headline: FailingFinding, target: RevisionView): string | undefined {
  if (headline.reason !== "EmptyEndpoints") return undefined;
  const empty = rollout.services.filter(({ readyEndpoints }) => readyEndpoints === 0);
  const hopeless = empty.find((service) => !selects(service, target.template.labels));
  if (!hopeless || empty.some((service) => selects(service, target.template.labels))) return undefined;
  const labels = unmatchedLabels(hopeless, target.template.labels);
  return (
    `Service ${hopeless.name} would not select the pods of ${nameRevision(target)} either` +
    `${labels.length > 0 ? ` (they lack ${labels.join(", ")})` : ""}; its selector is what must be changed.`
  );
}

function sameImage(rollout: Rollout, headline: FailingFinding, target: RevisionView): string | undefined {
  if (headline.reason !== "ImagePullFailing") return undefined;
  const waiting = new Set(
    rollout.pods.flatMap((pod) =>
      pod.startTrouble?.kind === "image"
        ? pod.containers.flatMap(({ name, state }) => (state.is === "waiting" ? [name] : []))
        : [],
    ),
  );
  const failing = rollout.revision.template.containers
    .filter(({ name }) => waiting.has(name))
    .map(({ image }) => image);
  const inTarget = new Set(target.template.containers.map(({ image }) => image));
  // Containers that only wait for a failing one use good images; one new image is reason enough to go back.
  if (failing.length === 0 || !failing.every((image) => inTarget.has(image))) return undefined;
  return `${nameRevision(target)} uses the same image, ${failing.join(", ")}, which cannot be pulled.`;
}

/** `secret "x" not found`, `configmap "x" not found`, `couldn't find key K in Secret NS/x`. */
const MISSING =
  /\b(secret|configmap) "([^"]+)" not found|couldn't find key \S+ in (Secret|ConfigMap) [^/\s]*\/(\S+)/i;
const KINDS: Readonly<Record<string, string>> = { secret: "Secret", configmap: "ConfigMap" };

function sameReference(headline: FailingFinding, target: RevisionView): string | undefined {
  if (headline.reason !== "ContainerConfigError") return undefined;
  // Pods of the old revision that still run keep what they were started with.
  if (target.availableReplicas > 0) return undefined;
  for (const line of [headline.message, ...headline.evidence]) {
    const match = MISSING.exec(line);
    if (!match) continue;
    const reference = `${KINDS[(match[1] ?? match[3] ?? "").toLowerCase()]}/${match[2] ?? match[4]}`;
    const isKey = match[4] !== undefined;
    if (!isKey && target.template.references.includes(reference)) {
      return `${nameRevision(target)} needs ${reference} too, and it is not there.`;
    }
  }
  return undefined;
}

/** The pods of the other revision fail too, in a sentence. */
export function whatFailsToo(rollout: Rollout, target: RevisionView): string | undefined {
  const pods = rollout.snapshot.pods.filter((pod) => pod.revisionId === target.id && isLeftInPeace(pod));
  if (pods.length === 0 || pods.some(({ isReady }) => isReady)) return undefined;
  return `The pods of ${nameRevision(target)} that still run are not ready either (${pods.length} of ${pods.length}).`;
}

/** So many Deployments that were not changed fail at this moment too, in a sentence, that it is the environment. */
export function whatElseFails(rollout: Rollout): string | undefined {
  const { settledWorkloads, settledUnavailable } = rollout.snapshot.surroundings;
  if (settledUnavailable < ENVIRONMENT_COUNT || settledUnavailable < settledWorkloads * ENVIRONMENT_SHARE) {
    return undefined;
  }
  return (
    `${settledUnavailable} of ${settledWorkloads} guarded Deployments that were not changed are unavailable ` +
    "at this moment too; the environment is failing, not this release."
  );
}
