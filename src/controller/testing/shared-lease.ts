// One Lease in memory that several instances of a test share, with the API server's rule about versions.
import type { LeaseAccess } from "../../kube/lease/lease-access.ts";
import { type LeaseRecord, leaseRecordOf, leaseSpecOf } from "../../kube/lease/lease-record.ts";

/**
 * What becomes of a call: it fails with the error, carried out or not; there is no answer until it is given up; or it is
 * carried out and answered later, also to whom has given up.
 */
export type CallFate =
  | { readonly waitsFor: Promise<void> }
  | { readonly fails: Error; readonly isCarriedOut: boolean }
  | { readonly hangs: true }
  | undefined;

export interface SharedLease {
  record(): LeaseRecord | undefined;
  /** Who wrote it, from the first to the last. */
  readonly writers: readonly string[];
  /** As somebody does by hand. */
  change(record: LeaseRecord | undefined): void;
  /** The Lease as one instance reaches it; asked about each call. */
  accessOf(fate?: (call: "read" | "write") => CallFate): LeaseAccess;
}

export function createSharedLease(): SharedLease {
  let spec: ReturnType<typeof leaseSpecOf> | undefined;
  let version = 0;
  const writers: string[] = [];
  const now = () => {
    const object = { metadata: { resourceVersion: String(version) }, spec };
    return spec && { record: leaseRecordOf(object), object };
  };

  async function answered<T>(fate: CallFate, signal: AbortSignal | undefined, act: () => T): Promise<T> {
    await Promise.resolve();
    signal?.throwIfAborted();
    if (fate === undefined) return act();
    if ("fails" in fate) {
      if (fate.isCarriedOut) act();
      throw fate.fails;
    }
    if ("waitsFor" in fate) {
      await fate.waitsFor;
      return act();
    }
    return new Promise((_, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason as Error));
    });
  }

  return {
    record: () => now()?.record,
    writers,
    change(record) {
      spec = record && leaseSpecOf(record);
      version += 1;
    },
    accessOf: (fate) => ({
      name: "operators/rolloutguard",
      read: ({ signal }) => answered(fate?.("read"), signal, now),
      write: (record, seen, { signal }) =>
        answered(fate?.("write"), signal, () => {
          const seenVersion = (seen?.object["metadata"] as { resourceVersion: string } | undefined)
            ?.resourceVersion;
          if (seenVersion !== (spec && String(version))) return undefined;
          spec = leaseSpecOf(record);
          version += 1;
          writers.push(record.holder);
          return now();
        }),
    }),
  };
}
