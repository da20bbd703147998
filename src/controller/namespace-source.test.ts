import { setImmediate as nextTurn } from "node:timers/promises";
import { expect } from "chai";
import { createNamespaceSource } from "./namespace-source.ts";
import type { Source } from "./source.ts";

function aSource({ isOnlyEvidence = false } = {}) {
  const synced = Promise.withResolvers<void>();
  let hasSynced = false;
  const source: Source = {
    name: "a source",
    get hasSynced() {
      return hasSynced;
    },
    isCurrent: true,
    isOnlyEvidence,
    start: () => {},
    whenSynced: (signal) => {
      signal.addEventListener("abort", () => synced.reject(signal.reason));
      return synced.promise;
    },
    stop: async () => {},
  };
  const sync = () => {
    hasSynced = true;
    synced.resolve();
  };
  return { source, sync };
}

/** A namespace source of a cluster whose guards are in the namespaces given. */
function started(guarded: readonly string[]) {
  const [guards, others, evidence] = [aSource(), aSource(), aSource({ isOnlyEvidence: true })];
  const listeners: ((namespace: string) => void)[] = [];
  const [marked, read]: [string[], string[]] = [[], []];
  let isStopped = false;
  const source = createNamespaceSource({
    caches: {
      guardedNamespaces: () => [...guarded],
      onUnread: (listener) => void listeners.push(listener),
      markRead: (namespaces) => void marked.push(...namespaces),
    },
    reader: {
      read: (namespace) => void read.push(namespace),
      stop: async () => {
        isStopped = true;
      },
    },
    guards: [guards.source],
    others: [others.source, evidence.source],
  });
  source.start();
  const appear = (namespace: string) => {
    for (const listener of listeners) listener(namespace);
  };
  return { source, guards, others, marked, read, appear, isStopped: () => isStopped };
}

describe("the source of guarded namespaces", () => {
  it("takes the namespaces with guards at the start for read when everything else but evidence has been read", async () => {
    const { source, guards, others, marked, read } = started(["shop", "blog"]);
    guards.sync();
    await nextTurn();
    expect([marked, source.hasSynced], "the others say themselves that they are missing").to.deep.equal([
      [],
      true,
    ]);
    others.sync();
    expect(source.hasSynced, "it is its turn").to.equal(false);
    await source.whenSynced(new AbortController().signal);
    expect([marked, read, source.hasSynced]).to.deep.equal([["shop", "blog"], [], true]);
  });

  it("has a namespace read by itself when its first guard comes later", async () => {
    const { source, guards, others, marked, read, appear } = started(["shop"]);
    appear("before the guards are known, which all are new then");
    guards.sync();
    await nextTurn();
    appear("blog");
    appear("shop");
    others.sync();
    await source.whenSynced(new AbortController().signal);
    expect(marked, "shop had lost its guards meanwhile").to.deep.equal([]);
    expect(read).to.deep.equal(["blog", "shop"]);
    appear("wiki");
    expect(read).to.deep.equal(["blog", "shop", "wiki"]);
  });

  it("reads nothing any more once it was stopped, and ends waiting", async () => {
    const { source, guards, read, appear, isStopped } = started([]);
    guards.sync();
    await nextTurn();
    await source.stop();
    appear("blog");
    expect([read, isStopped()]).to.deep.equal([[], true]);
    const why = await source.whenSynced(AbortSignal.abort()).catch((error: Error) => error.name);
    expect(why).to.equal("AbortError");
  });
});
