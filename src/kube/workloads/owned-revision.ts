// A revision as cached: its view, whose it is, and what of its values is needed to keep them secret.
import type { WorkloadKind } from "../../api/workload-kind.ts";
import type { RevisionView } from "../../domain/snapshot/revision.ts";
import type { Fingerprint } from "../masking/fingerprints.ts";

export interface OwnedRevision {
  readonly view: RevisionView;
  /** The workload that it is a revision of. */
  readonly owner: RevisionOwner;
  /** Of the values that its pods get, which nobody may see. */
  readonly valueFingerprints: readonly Fingerprint[];
  /** Of the hosts that these values name. */
  readonly hostFingerprints: readonly Fingerprint[];
}

export interface RevisionOwner {
  readonly kind: WorkloadKind;
  readonly name: string;
  readonly uid: string;
}
