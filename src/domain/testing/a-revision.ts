// Revisions for scenes: the good one, the new one, and how the ledger remembers them.
import type { LedgerEntry, Verdict } from "../../api/rollout-guard.ts";
import { referenceTo } from "../history/revisions.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import { appWith, GOOD_TEMPLATE, type TemplateChange } from "./a-template.ts";
import { earlier, minutes, T0, written } from "./instants.ts";

/** A ReplicaSet of the Deployment `checkout` without pods; each hash has a template of its own. */
export function aRevision(
  hash: string,
  revision: number,
  changes: Partial<RevisionView> = {},
  ...templateChanges: readonly TemplateChange[]
): RevisionView {
  const template = templateChanges.reduce((changed, change) => change(changed), GOOD_TEMPLATE);
  return {
    hash,
    id: `uid-of-${hash}`,
    source: { kind: "ReplicaSet", name: `checkout-${hash}`, uid: `uid-of-${hash}` },
    revision,
    createdAt: T0,
    isDeleting: false,
    desiredReplicas: 0,
    replicas: 0,
    readyReplicas: 0,
    availableReplicas: 0,
    templateKey: `template of ${hash}`,
    contentKey: `content of ${hash}`,
    template,
    conditions: [],
    ...changes,
  };
}

/** Revision 1, which has been serving for an hour. */
export const GOOD = aRevision("5d8f6c7b94", 1, { createdAt: earlier(minutes(60)) });

/** Revision 2, which begins to roll out at T0. */
export const NEW = aRevision("596f7cbf4b", 2, {}, appWith({ image: "registry.example/checkout:2" }));

/** What the ledger says of a revision. */
export function remembered(
  revision: RevisionView,
  verdict: Verdict,
  sinceAt = earlier(minutes(50)),
  more: Partial<LedgerEntry> = {},
): LedgerEntry {
  return { ...referenceTo(revision), verdict, since: written(sinceAt), ...more };
}
