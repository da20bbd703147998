import { expect } from "chai";
import { asText, type RawObject } from "../objects.ts";
import { CachedResource } from "./cached-resource.ts";
import { ObjectStore } from "./object-store.ts";

const object = (name: string, resourceVersion: string, color: string, namespace = "shop"): RawObject => ({
  metadata: { name, namespace, resourceVersion },
  color,
});

/** A cache of colours that notes its changes as "name: before → after". */
function colors(options: { keeps?: (namespace: string) => boolean } = {}) {
  const store = new ObjectStore<{ color: string }, "color">({ color: ({ color }) => color });
  const changes: string[] = [];
  const cache = new CachedResource({
    store,
    project: (raw) => ({ color: asText(raw.color) }),
    onChange: ({ name, before, after }) =>
      changes.push(`${name}: ${before?.color ?? "-"} → ${after?.color ?? "-"}`),
    onNameless: () => changes.push("nameless"),
    ...options,
  });
  return {
    store,
    changes,
    cache,
    colorOf: (name: string, namespace = "shop") => store.get(namespace, name)?.color,
  };
}

describe("CachedResource.apply", () => {
  it("ignores an object older than the cached one, however it comes", () => {
    const { cache, colorOf } = colors();
    cache.apply("MODIFIED", object("a", "1000", "red"), 1);
    cache.apply("MODIFIED", object("a", "999", "blue"), 2);
    cache.apply("DELETED", object("a", "999", "blue"), 3);
    expect(colorOf("a")).to.equal("red");
  });

  it("takes no object whose name and namespace it could take for another's, and says so", () => {
    const { cache, changes } = colors();
    for (const odd of [object("", "1", "red"), object("a", "1", "red", ""), object("a/b", "1", "red"), {}])
      cache.apply("ADDED", odd, 1);
    cache.apply("ADDED", object("x".repeat(254), "1", "red"), 1);
    expect(changes).to.deep.equal(Array(5).fill("nameless"));
    expect(cache.size).to.equal(0);
  });

  it("compares versions as numbers of any size", () => {
    const { cache, colorOf } = colors();
    cache.apply("ADDED", object("a", "90071992547409930", "red"), 1);
    cache.apply("MODIFIED", object("a", "90071992547409929", "blue"), 2);
    expect(colorOf("a")).to.equal("red");
  });

  it("takes versions that are no numbers in the order of arrival", () => {
    const { cache, colorOf } = colors();
    cache.apply("ADDED", object("a", "b", "red"), 1);
    cache.apply("MODIFIED", object("a", "a", "blue"), 2);
    expect(colorOf("a")).to.equal("blue");
  });

  it("brings nothing back with a late answer from before the deletion", () => {
    const { cache, colorOf } = colors();
    cache.apply("ADDED", object("a", "1", "red"), 1);
    cache.apply("DELETED", object("a", "3", "red"), 2);
    cache.apply("MODIFIED", object("a", "2", "blue"), 3);
    expect(colorOf("a")).to.equal(undefined);
    cache.apply("ADDED", object("a", "4", "green"), 4);
    expect(colorOf("a")).to.equal("green");
  });

  it("announces nothing when the projection stays the same, and yet knows the version", () => {
    const { cache, changes } = colors();
    cache.apply("ADDED", object("a", "1", "red"), 1);
    cache.apply("MODIFIED", { ...object("a", "2", "red"), status: { noise: true } }, 2);
    expect(changes).to.deep.equal(["a: - → red"]);
    expect(cache.resourceVersionOf("shop", "a")).to.equal("2");
  });

  it("moves an object to another place of an index", () => {
    const { cache, store } = colors();
    cache.apply("ADDED", object("a", "1", "red"), 1);
    cache.apply("MODIFIED", object("a", "2", "blue"), 2);
    expect([[...store.by("color", "red")].length, [...store.by("color", "blue")].length]).to.deep.equal([
      0, 1,
    ]);
    cache.apply("DELETED", object("a", "3", "blue"), 3);
    expect([...store.by("color", "blue")]).to.deep.equal([]);
    expect(store.size).to.equal(0);
  });
});

describe("CachedResource.beginReplace", () => {
  it("changes nothing before the commit", () => {
    const { cache, changes } = colors();
    cache.beginReplace(undefined).add(object("a", "1", "red"), 1);
    expect(changes).to.deep.equal([]);
  });

  it("deletes what the list has not, in its namespace only", () => {
    const { cache, changes, colorOf } = colors();
    cache.apply("ADDED", object("gone", "1", "red"), 1);
    cache.apply("ADDED", object("other", "1", "red", "elsewhere"), 1);
    const list = cache.beginReplace("shop");
    list.add(object("new", "2", "blue"), 2);
    list.commit(3, "100");
    expect(changes.slice(2)).to.deep.equal(["gone: red → -", "new: - → blue"]);
    expect(colorOf("other", "elsewhere")).to.equal("red");
  });

  it("deletes in all namespaces when it lists the cluster", () => {
    const { cache, store } = colors();
    cache.apply("ADDED", object("other", "1", "red", "elsewhere"), 1);
    cache.beginReplace(undefined).commit(2, "100");
    expect(store.size).to.equal(0);
  });

  it("keeps what was written while the list was read", () => {
    const { cache, colorOf } = colors();
    cache.apply("ADDED", object("a", "1", "red"), 1);
    const list = cache.beginReplace(undefined);
    list.add(object("a", "1", "red"), 2);
    cache.apply("MODIFIED", object("a", "5", "blue"), 3);
    cache.apply("ADDED", object("b", "6", "green"), 3);
    list.commit(4, "100");
    expect([colorOf("a"), colorOf("b")]).to.deep.equal(["blue", "green"]);
  });

  it("takes the word of a list whose versions went back, as after a restored backup", () => {
    const { cache, colorOf } = colors();
    cache.apply("ADDED", object("a", "1000", "red"), 1);
    const list = cache.beginReplace(undefined);
    list.add(object("a", "10", "blue"), 2);
    list.commit(3, "100");
    expect(colorOf("a")).to.equal("blue");
    cache.apply("MODIFIED", object("a", "11", "green"), 4);
    expect(colorOf("a")).to.equal("green");
  });

  it("forgets deletions that a restored backup has undone: what is made again counts, whatever its version", () => {
    const { cache, colorOf } = colors();
    cache.apply("ADDED", object("a", "990", "red"), 1);
    cache.apply("DELETED", object("a", "1000", "red"), 2);
    cache.apply("ADDED", object("a", "12", "blue"), 3);
    expect(colorOf("a"), "late news of before its deletion").to.equal(undefined);
    cache.beginReplace(undefined).commit(4, "10");
    cache.apply("ADDED", object("a", "12", "blue"), 5);
    expect(colorOf("a")).to.equal("blue");
  });

  it("remembers a deletion that came while the list was read", () => {
    const { cache, colorOf } = colors();
    cache.apply("ADDED", object("a", "90", "red"), 1);
    const list = cache.beginReplace(undefined);
    list.add(object("a", "90", "red"), 2);
    cache.apply("DELETED", object("a", "101", "red"), 3);
    list.commit(4, "100");
    expect(colorOf("a")).to.equal(undefined);
  });

  it("has no effect when it was given up", () => {
    const { cache, store } = colors();
    const list = cache.beginReplace(undefined);
    list.add(object("a", "1", "red"), 1);
    list.abandon();
    expect(store.size).to.equal(0);
  });

  it("does not undo what a newer list of one namespace has brought or removed meanwhile", () => {
    const { cache, colorOf } = colors();
    cache.apply("ADDED", object("gone", "3", "red"), 1);
    const cluster = cache.beginReplace(undefined);
    cluster.add(object("gone", "3", "red"), 2);
    cluster.add(object("changed", "4", "red"), 2);
    const namespace = cache.beginReplace("shop");
    namespace.add(object("changed", "7", "blue"), 3);
    namespace.add(object("new", "8", "green"), 3);
    namespace.commit(4, "100");
    cluster.commit(5, "100");
    expect([colorOf("gone"), colorOf("changed"), colorOf("new")]).to.deep.equal([undefined, "blue", "green"]);
  });

  it("brings back what another list has removed when it has a newer version of it", () => {
    const { cache, colorOf } = colors();
    cache.apply("ADDED", object("again", "3", "red"), 1);
    const newer = cache.beginReplace(undefined);
    cache.beginReplace("shop").commit(2, "100");
    newer.add(object("again", "9", "blue"), 3);
    newer.commit(4, "100");
    expect(colorOf("again")).to.equal("blue");
  });
});

describe("CachedResource with namespaces that are not kept", () => {
  function onlyShop() {
    const kept = new Set(["shop"]);
    return { kept, ...colors({ keeps: (namespace) => kept.has(namespace) }) };
  }

  it("takes nothing of them, neither a change nor from a list", () => {
    const { cache, store } = onlyShop();
    cache.apply("ADDED", object("a", "1", "red", "elsewhere"), 1);
    const list = cache.beginReplace(undefined);
    list.add(object("b", "2", "red", "elsewhere"), 2);
    list.add(object("c", "2", "red"), 2);
    list.commit(3, "100");
    expect([...store.names()]).to.deep.equal([["shop", "c"]]);
  });

  it("takes nothing from a list of before the namespace was dropped", () => {
    const { cache, store, kept } = onlyShop();
    const list = cache.beginReplace(undefined);
    list.add(object("a", "2", "red"), 2);
    kept.delete("shop");
    list.commit(3, "100");
    expect(store.size).to.equal(0);
  });

  it("forgets a namespace, and says so", () => {
    const { cache, changes, store } = onlyShop();
    cache.apply("ADDED", object("a", "1", "red"), 1);
    cache.forget("shop", 2);
    expect(store.size).to.equal(0);
    expect(changes.at(-1)).to.equal("a: red → -");
  });
});
