import { expect } from "chai";
import { type SimulatedCluster, startSimulatedCluster } from "../../simulated-cluster.ts";
import { createTestClient } from "../../testing/test-client.ts";
import { waitUntil } from "../../wait-until.ts";

const PATH = "/api/v1/namespaces/shop/configmaps";

describe("a resourceVersion", () => {
  let cluster: SimulatedCluster;
  let client: ReturnType<typeof createTestClient>;
  /** The state with a and b, before c came and a went. */
  let past: number;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ hasControllers: false, timeScale: 100 });
    client = createTestClient(cluster.url);
    for (const name of ["a", "b"]) add(name);
    past = cluster.store.revision;
    add("c");
    cluster.store.delete("configmaps", "shop", "a");
  });

  afterEach(() => cluster.stop());

  function add(name: string): void {
    cluster.store.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "shop" } });
  }

  async function list(query: string) {
    const { code, body } = await client.get(`${PATH}?${query}`);
    const { resourceVersion, continue: next } = (body["metadata"] ?? {}) as Record<string, string>;
    const items = (body["items"] ?? []) as { metadata: { name: string } }[];
    const names = items.map(({ metadata }) => metadata.name).join("");
    return { code, body, names, next, resourceVersion: Number(resourceVersion) };
  }

  it("that is not given, 0 or not older than one gives the newest state", async () => {
    const queries = ["", "resourceVersion=0", `resourceVersion=${past}`];
    for (const query of [...queries, `resourceVersion=${past}&resourceVersionMatch=NotOlderThan`]) {
      const { names, resourceVersion } = await list(query);
      expect([query, names, resourceVersion]).to.deep.equal([query, "bc", cluster.store.revision]);
    }
  });

  it("that is exact gives the state of that time, also because of a limit, as it has always been", async () => {
    const exact = await list(`resourceVersion=${past}&resourceVersionMatch=Exact`);
    expect([exact.names, exact.resourceVersion]).to.deep.equal(["ab", past]);
    const first = await list(`resourceVersion=${past}&limit=1`);
    const second = await list(`limit=1&continue=${first.next}`);
    expect([first.names, second.names, second.next]).to.deep.equal(["a", "b", undefined]);
  });

  it("of the past is answered with 410 when it is forgotten", async () => {
    cluster.expireResourceVersions();
    const { body } = await list(`resourceVersion=${past}&resourceVersionMatch=Exact`);
    expect(body).to.include({ code: 410, reason: "Expired" });
  });

  it("of the future is answered with 504, its cause and Retry-After", async () => {
    const current = cluster.store.revision;
    const { code, headers, body } = await client.get(`${PATH}?resourceVersion=999999`);
    expect([code, headers.get("retry-after")]).to.deep.equal([504, "1"]);
    expect(body["message"]).to.equal(`Timeout: Too large resource version: 999999, current: ${current}`);
    expect(body["details"]).to.deep.equal({
      causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
      retryAfterSeconds: 1,
    });
  });

  for (const [query, code, message] of [
    [
      "resourceVersionMatch=Exact",
      422,
      "resourceVersionMatch is forbidden unless resourceVersion is provided",
    ],
    [
      "resourceVersion=1&resourceVersionMatch=Newer",
      422,
      'Unsupported value: "Newer": supported values: "Exact", "NotOlderThan", ""',
    ],
    [
      "resourceVersion=0&resourceVersionMatch=Exact",
      422,
      'resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
    ],
    ["sendInitialEvents=true", 422, "sendInitialEvents is forbidden for list"],
    [
      "watch=true&sendInitialEvents=true",
      422,
      "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
    ],
    [
      "watch=true&resourceVersionMatch=NotOlderThan",
      422,
      "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
    ],
    ["resourceVersion=abc", 400, 'parsing "abc": invalid syntax'],
    ["continue=nonsense", 400, "continue key is not valid"],
    ["continue=x&resourceVersion=5", 400, "specifying resource version is not allowed when using continue"],
  ] as const) {
    it(`is refused with ${code} in ?${query}`, async () => {
      const { code: given, body } = await list(query);
      expect([given, body["code"]]).to.deep.equal([code, code]);
      expect(body["message"]).to.contain(message);
    });
  }

  it("lets a watch begin without what is there when sendInitialEvents says so", async () => {
    const watch = await client.watch(
      `${PATH}?watch=true&sendInitialEvents=false&resourceVersionMatch=NotOlderThan`,
    );
    add("d");
    await waitUntil(cluster, "the new one", () => watch.lines.length > 0);
    expect(watch.lines.map(({ object }) => object.metadata.name)).to.deep.equal(["d"]);
    watch.close();
  });

  it("that a list continues with stays the same over all pages, with selectors too", async () => {
    for (const name of ["d", "e"]) add(name);
    const first = await list("limit=2");
    add("bb");
    const second = await list(`limit=2&continue=${first.next}`);
    expect([first.names, second.names]).to.deep.equal(["bc", "de"]);
    expect(second.resourceVersion).to.equal(first.resourceVersion);
    const selected = await list("limit=1&fieldSelector=metadata.name%3De");
    expect(selected.names).to.equal("e");
  });

  it("is told by a last bookmark before the watch ends", async () => {
    const watch = await client.watch(
      `${PATH}?watch=true&resourceVersion=${past}&timeoutSeconds=30&allowWatchBookmarks=true`,
    );
    await watch.ended;
    expect(watch.lines.map(({ type }) => type)).to.deep.equal(["ADDED", "DELETED", "BOOKMARK"]);
    expect(Number(watch.lines[2]?.object.metadata.resourceVersion)).to.equal(cluster.store.revision);
  });
});
