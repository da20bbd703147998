import { expect } from "chai";
import { type SimulatedCluster, startSimulatedCluster } from "../../simulated-cluster.ts";
import { createTestClient, type OpenWatch } from "../../testing/test-client.ts";
import { passTime, waitUntil } from "../../wait-until.ts";

const PATH = "/api/v1/namespaces/shop/configmaps";

describe("a watch", () => {
  let cluster: SimulatedCluster;
  let client: ReturnType<typeof createTestClient>;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ hasControllers: false, timeScale: 100 });
    client = createTestClient(cluster.url);
    write("first");
  });

  afterEach(() => cluster.stop());

  function write(name: string, labels: Record<string, string> = {}, namespace = "shop"): void {
    const previous = cluster.store.get("configmaps", namespace, name);
    if (previous === undefined) {
      cluster.store.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace, labels } });
    } else cluster.store.update("configmaps", { ...previous, metadata: { ...previous.metadata, labels } });
  }

  const revision = () => String(cluster.store.revision);
  const summary = ({ lines }: OpenWatch) =>
    lines
      .filter(({ type }) => type !== "BOOKMARK")
      .map(({ type, object }) => `${type} ${object.metadata.name}`);
  const arrived = (watch: OpenWatch, count: number) =>
    waitUntil(cluster, `${count} lines`, () => watch.lines.length >= count);

  it("begins with what is there when it names no resourceVersion", async () => {
    const watch = await client.watch(`${PATH}?watch=true`);
    write("second");
    await arrived(watch, 2);
    expect(summary(watch)).to.deep.equal(["ADDED first", "ADDED second"]);
    watch.close();
  });

  it("continues after the resourceVersion that it names, with what was missed", async () => {
    const since = revision();
    write("second");
    const watch = await client.watch(`${PATH}?watch=true&resourceVersion=${since}`);
    write("second", { a: "b" });
    cluster.store.delete("configmaps", "shop", "second");
    await arrived(watch, 3);
    expect(summary(watch)).to.deep.equal(["ADDED second", "MODIFIED second", "DELETED second"]);
    const revisions = watch.lines.map(({ object }) => Number(object.metadata.resourceVersion));
    expect(revisions).to.deep.equal([...new Set(revisions)].sort((a, b) => a - b));
    watch.close();
  });

  it("from a resourceVersion that a restore has made a future one says nothing until it has come", async () => {
    const backup = cluster.store.backup();
    for (let n = 0; n < 5; n += 1) write("first", { n: String(n) });
    const future = revision();
    await cluster.restartApiServer({ backup });
    expect(Number(revision())).to.be.lessThan(Number(future));
    expect(cluster.store.get("configmaps", "shop", "first")?.metadata.labels ?? {}).to.deep.equal({});
    const watch = await client.watch(
      `${PATH}?watch=true&allowWatchBookmarks=true&timeoutSeconds=600&resourceVersion=${future}`,
    );
    write("second");
    await passTime(cluster, 130_000);
    expect(watch.lines, "neither the change nor a bookmark").to.deep.equal([]);
    while (Number(revision()) <= Number(future)) write("second", { at: revision() });
    await waitUntil(cluster, "the change", () => watch.lines.length > 0);
    expect(summary(watch)).to.deep.equal(["MODIFIED second"]);
    watch.close();
  });

  it("shows an object that enters or leaves its selection as added or deleted", async () => {
    const watch = await client.watch(
      `${PATH}?watch=true&labelSelector=in%3Dyes&resourceVersion=${revision()}`,
    );
    write("first", { in: "yes" });
    write("first", { in: "yes", more: "1" });
    write("first", {});
    write("first", { still: "out" });
    await arrived(watch, 3);
    write("last", { in: "yes" });
    await arrived(watch, 4);
    expect(summary(watch)).to.deep.equal(["ADDED first", "MODIFIED first", "DELETED first", "ADDED last"]);
    watch.close();
  });

  it("says nothing after its time is over, although a bookmark is due at that moment", async () => {
    const watch = await client.watch(`${PATH}?watch=true&timeoutSeconds=60&allowWatchBookmarks=true`);
    await arrived(watch, 1);
    await waitUntil(cluster, "the watch ended", () => cluster.openWatches() === 0);
    write("too-late");
    expect(summary(watch)).to.deep.equal(["ADDED first"]);
    watch.close();
  });

  it("shows its own namespace only", async () => {
    const watch = await client.watch(`${PATH}?watch=true&resourceVersion=${revision()}`);
    write("elsewhere", {}, "other");
    write("here");
    await arrived(watch, 1);
    expect(summary(watch)).to.deep.equal(["ADDED here"]);
    watch.close();
  });

  it("ends with an error 410 when its resourceVersion is too old", async () => {
    const since = revision();
    cluster.expireResourceVersions();
    const watch = await client.watch(`${PATH}?watch=true&resourceVersion=${since}`);
    await watch.ended;
    expect(watch.lines.map(({ type, object }) => [type, object.code])).to.deep.equal([["ERROR", 410]]);
  });

  it("ends by itself after timeoutSeconds of the cluster's time, with bookmarks on the way", async () => {
    const begin = cluster.now();
    const watch = await client.watch(
      `${PATH}?watch=true&resourceVersion=${revision()}&timeoutSeconds=150&allowWatchBookmarks=true`,
    );
    await watch.ended;
    expect(cluster.now() - begin).to.be.within(149_000, 190_000);
    expect(watch.lines.map(({ type }) => type)).to.deep.equal(["BOOKMARK", "BOOKMARK", "BOOKMARK"]);
  });

  it("marks the end of initial events for clients that stream their list", async () => {
    const watch = await client.watch(
      `${PATH}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`,
    );
    await arrived(watch, 2);
    expect(watch.lines.map(({ type }) => type)).to.deep.equal(["ADDED", "BOOKMARK"]);
    expect(watch.lines[1]?.object.metadata.annotations).to.deep.equal({
      "k8s.io/initial-events-end": "true",
    });
    watch.close();
  });

  it("breaks when watches are cut, and nothing is missed by the next one", async () => {
    const watch = await client.watch(`${PATH}?watch=true&resourceVersion=${revision()}`);
    expect(cluster.openWatches()).to.equal(1);
    const since = revision();
    cluster.cutWatches();
    await watch.ended;
    write("second");
    const next = await client.watch(`${PATH}?watch=true&resourceVersion=${since}`);
    await arrived(next, 1);
    expect(summary(next)).to.deep.equal(["ADDED second"]);
    next.close();
  });
});
