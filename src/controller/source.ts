// A source of the caches, as the controller sees it.
import type { ResourceName } from "../kube/resources.ts";

/** What fills the caches from one resource in one scope. */
export interface Source {
  /** What it reads, for sentences: "pods", "pods of shop". */
  readonly name: string;
  /** Undefined for one that only looks after others. */
  readonly resource?: ResourceName | undefined;
  /** Undefined: of the whole cluster. */
  readonly namespace?: string | undefined;
  readonly hasSynced: boolean;
  /** Whether what it has read is the present. */
  readonly isCurrent: boolean;
  /** Since when it is not (epoch ms); undefined while it is, and before it has synced unless something keeps it from that. */
  readonly behindSinceAt?: number | undefined;
  /** Why it is not, as far as is known, in a sentence. */
  readonly problem?: string | undefined;
  /** Since when it is again (epoch ms), after a time in which it was not; undefined: it always was. */
  readonly regainedAt?: number | undefined;
  /** Whether it only supplies evidence: no decision has to wait for it. */
  readonly isOnlyEvidence: boolean;
  start(): void;
  /** Resolves once `hasSynced`; rejects when the signal aborts first. */
  whenSynced(signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}

/** Whether it reads something of the namespace. */
export function isAbout({ namespace }: Pick<Source, "namespace">, wanted: string): boolean {
  return namespace === undefined || namespace === wanted;
}
