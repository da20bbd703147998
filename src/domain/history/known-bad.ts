// Releases that were rolled back before, known by their content: under another hash they are no better. Pure.
import type { CauseClass } from "../../api/causes.ts";
import { phaseOf } from "../../api/incident.ts";
import { leftoversIn } from "../changes/same-release.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { type History, knownOf, quarantines } from "./history.ts";
import { endedRollbacks, restoredHash } from "./incident-roles.ts";

/** What is known against a release. */
export interface KnownBad {
  /** The Incident that says why it failed. */
  readonly incident: IncidentView;
  /** The revision that it was then. */
  readonly failed: RevisionView;
  /** What it has more than it had then, left over from the revision that was restored. */
  readonly leftovers: readonly string[];
}

/**
 * The Incident in which this release failed and was rolled back, if that proved that the release was to blame. It did not where
 * service did not come back, where a person asked for it, or where the cause lay in what can be corrected outside of the
 * release: its cure is to apply the same again.
 */
export function knownBad(snapshot: Snapshot, history: History, revision: RevisionView): KnownBad | undefined {
  if (knownOf(history, revision.hash).entry?.verdict === "Good") return undefined;
  const all = endedRollbacks(snapshot).flatMap((incident): readonly KnownBad[] => {
    const failed = snapshot.revisions.find(({ hash }) => hash === incident.spec.failedRevision.hash);
    const leftovers = failed && leftoversOf(snapshot, incident, revision, failed);
    return failed && leftovers ? [{ incident, failed, leftovers }] : [];
  });
  const [newest] = all;
  if (newest === undefined || phaseOf(newest.incident) === "NotRecovered") return undefined;
  // A second Incident about it only says that it was known.
  const first = all.find(({ incident }) => incident.spec.reason !== "KnownBad") ?? newest;
  if (isReleased(snapshot, history, first)) return undefined;
  return CORRECTED_ELSEWHERE.has(first.incident.spec.causes?.[0]?.class ?? "Unknown") ? undefined : first;
}

/** Whether the release of the revision was rolled back before, under another hash, and was not good since. */
export function isKnownBadByContent(snapshot: Snapshot, history: History, revision: RevisionView): boolean {
  if (knownOf(history, revision.hash).verdict === "Good") return false;
  return snapshot.revisions.some((failed) => {
    const { verdict, incident } = knownOf(history, failed.hash);
    const isQuarantined = verdict === "Bad" && (incident === undefined || quarantines(incident));
    return isQuarantined && isSame(snapshot, revision, failed);
  });
}

/** Whether the revision is the release that the Incident is about, under whatever hash; not the one that its rollback restored. */
export function isReleaseOf(snapshot: Snapshot, incident: IncidentView, revision: RevisionView): boolean {
  const { hash } = incident.spec.failedRevision;
  if (revision.hash === hash) return true;
  const failed = snapshot.revisions.find((one) => one.hash === hash);
  if (failed === undefined || revision.hash === restoredHash(incident)) return false;
  return leftoversOf(snapshot, incident, revision, failed) !== undefined;
}

function leftoversOf(
  snapshot: Snapshot,
  incident: IncidentView,
  revision: RevisionView,
  failed: RevisionView,
): readonly string[] | undefined {
  if (revision.contentKey === failed.contentKey) return [];
  const restored = snapshot.revisions.find(({ hash }) => hash === restoredHash(incident));
  return leftoversIn(revision.template, failed.template, restored?.template, selectingLabels(snapshot));
}

function isSame(snapshot: Snapshot, one: RevisionView, other: RevisionView): boolean {
  if (one.contentKey === other.contentKey) return true;
  return leftoversIn(one.template, other.template, undefined, selectingLabels(snapshot)) !== undefined;
}

/** The same release has become good since, under whatever hash. */
function isReleased(snapshot: Snapshot, history: History, { incident, failed }: KnownBad): boolean {
  return snapshot.revisions.some((revision) => {
    const { entry } = knownOf(history, revision.hash);
    const isGood =
      entry?.verdict === "Good" && Date.parse(entry.since) > Date.parse(incident.spec.detectedAt);
    return isGood && isSame(snapshot, revision, failed);
  });
}

function selectingLabels({ services }: Snapshot): ReadonlySet<string> {
  return new Set(services.flatMap(({ selector }) => Object.keys(selector)));
}

/**
 * Causes that can be gone without any change of the release: somebody makes the Secret, pushes the image, raises the quota,
 * corrects the Service.
 */
const CORRECTED_ELSEWHERE: ReadonlySet<CauseClass> = new Set<CauseClass>([
  "SecretMissing",
  "ConfigMapMissing",
  "KeyMissing",
  "VolumeMissing",
  "ImageNotFound",
  "ImageAccessDenied",
  "ImageNotOnNode",
  "RegistryUnreachable",
  "QuotaExceeded",
  "LimitRangeViolated",
  "PodSecurityViolated",
  "AdmissionDenied",
  "ServiceAccountMissing",
  "InsufficientResources",
  "NodeSelectorUnmatched",
  "TaintNotTolerated",
  "NodePlacementImpossible",
  "NodeRejectsPods",
  "ServiceSelectorMismatch",
  "ServicePortNotServed",
  "NetworkPolicyBlocks",
  "ReadinessGateNotSet",
  "EnvironmentTrouble",
]);
