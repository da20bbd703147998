// The revisions of a guarded Deployment with what is known of each. Pure.
import { historyOf, type KnownRevision, knownOf } from "../domain/history/history.ts";
import { referenceTo } from "../domain/history/revisions.ts";
import type { Snapshot } from "../domain/snapshot/snapshot.ts";
import type { RevisionReport } from "./report-types.ts";

/** Newest first, by the numbers of `kubectl rollout history`; after them those in quarantine that are gone. */
export function revisionReports(snapshot: Snapshot): readonly RevisionReport[] {
  const present = [...snapshot.revisions].sort((a, b) => b.revision - a.revision);
  const history = historyOf(snapshot);
  const hashes = new Set(present.map(({ hash }) => hash));
  const gone = (snapshot.guard.status.revisions ?? []).filter(({ hash }) => !hashes.has(hash));
  return [
    ...present.map((revision) => {
      const pods = { pods: revision.replicas, readyPods: revision.readyReplicas };
      return { ...referenceTo(revision), ...verdictReport(knownOf(history, revision.hash)), ...pods };
    }),
    ...gone.map(({ hash, revision, images }) => {
      return { hash, revision, images, ...verdictReport(knownOf(history, hash)), pods: 0, readyPods: 0 };
    }),
  ];
}

function verdictReport({
  entry,
  verdict,
  incident,
}: KnownRevision): Pick<RevisionReport, "verdict" | "because" | "since"> {
  switch (verdict) {
    case "Good":
      return { verdict: "good", since: entry?.since };
    case "Bad": {
      const name = incident?.name ?? entry?.incident;
      return {
        verdict: "bad",
        because: name === undefined ? undefined : `Incident ${name}`,
        since: incident?.spec.detectedAt ?? entry?.since,
      };
    }
    case "Completed":
      return { verdict: "unknown", because: "was complete, and has not baked", since: entry?.since };
    case "Unproven":
      return { verdict: "unknown", because: "was never fully available", since: entry?.since };
    case undefined:
      return { verdict: "unknown" };
  }
}
