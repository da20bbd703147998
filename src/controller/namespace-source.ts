// Which namespaces are read in full: those with guards at the start by the lists of the whole cluster, later ones one by one.
import type { Caches } from "../kube/caches/caches.ts";
import type { NamespaceReader } from "../kube/reflector/namespace-reader.ts";
import type { Source } from "./source.ts";

export interface NamespaceSourceOptions {
  readonly caches: Pick<Caches, "guardedNamespaces" | "onUnread" | "markRead">;
  readonly reader: Pick<NamespaceReader, "read" | "stop">;
  readonly guards: readonly Source[];
  /** Everything that concerns guards; begun when the guards have been read. */
  readonly others: readonly Source[];
}

/** Synced when all that concerns the guards of the start has been read; from then on it looks after new namespaces. */
export function createNamespaceSource({ caches, reader, guards, others }: NamespaceSourceOptions): Source {
  const stopping = new AbortController();
  const synced = Promise.withResolvers<void>();
  // Whoever waits for it hears of its end; nobody has to.
  synced.promise.catch(() => {});
  // Guards can do without what is only evidence.
  const needed = others.filter(({ isOnlyEvidence }) => !isOnlyEvidence);
  let isRead = false;

  async function begin(signal: AbortSignal): Promise<void> {
    await Promise.all(guards.map((source) => source.whenSynced(signal)));
    const withLists = new Set(caches.guardedNamespaces());
    caches.onUnread((namespace) => {
      // Its first guard came after the lists had begun, which may have left out what was in it.
      withLists.delete(namespace);
      if (!signal.aborted) reader.read(namespace);
    });
    await Promise.all(needed.map((source) => source.whenSynced(signal)));
    caches.markRead(withLists);
    isRead = true;
    synced.resolve();
  }

  return {
    name: "namespaces with guards",
    get hasSynced() {
      // While it waits for others, these say so themselves.
      return isRead || !needed.every((source) => source.hasSynced);
    },
    // A guard whose namespace has not been read is not observed at all; the others do not have to wait for it.
    isCurrent: true,
    isOnlyEvidence: true,
    start: () => {
      begin(stopping.signal).catch(synced.reject);
    },
    whenSynced: (signal) => {
      signal.addEventListener("abort", () => synced.reject(signal.reason));
      return synced.promise;
    },
    stop: async () => {
      stopping.abort();
      await reader.stop();
    },
  };
}
