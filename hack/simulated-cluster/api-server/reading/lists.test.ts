import { expect } from "chai";
import { type SimulatedCluster, startSimulatedCluster } from "../../simulated-cluster.ts";
import { createTestClient } from "../../testing/test-client.ts";

const PATH = "/api/v1/namespaces/shop/configmaps";

describe("a list", () => {
  let cluster: SimulatedCluster;
  let client: ReturnType<typeof createTestClient>;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ hasControllers: false });
    client = createTestClient(cluster.url);
    for (const name of ["e", "c", "a", "d", "b"]) add(name);
  });

  afterEach(() => cluster.stop());

  function add(name: string): void {
    const labels = { vowel: String("ae".includes(name)) };
    cluster.store.apply({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace: "shop", labels },
    });
  }

  async function page(
    query: string,
  ): Promise<{ names: string[]; next: string | undefined; remaining: unknown }> {
    const { body } = await client.get(`${PATH}?${query}`);
    const items = body["items"] as { metadata: { name: string } }[];
    const metadata = body["metadata"] as { continue?: string; remainingItemCount?: number };
    return {
      names: items.map((item) => item.metadata.name),
      next: metadata.continue,
      remaining: metadata.remainingItemCount,
    };
  }

  it("comes in pages that show one moment, whatever is written meanwhile", async () => {
    const first = await page("limit=2");
    expect(first).to.deep.include({ names: ["a", "b"], remaining: 3 });
    cluster.store.delete("configmaps", "shop", "c");
    add("bb");
    const second = await page(`limit=2&continue=${first.next}`);
    const third = await page(`limit=2&continue=${second.next}`);
    expect([second.names, third.names]).to.deep.equal([["c", "d"], ["e"]]);
    expect(third.next).to.equal(undefined);
  });

  it("does not come in pages from resourceVersion 0, as from a real watch cache", async () => {
    expect((await page("limit=2&resourceVersion=0")).names).to.have.length(5);
  });

  it("cannot be continued with an expired token: 410", async () => {
    const { next } = await page("limit=2");
    cluster.expireResourceVersions();
    const { code, body } = await client.get(`${PATH}?limit=2&continue=${next}`);
    expect(code).to.equal(410);
    expect(body).to.include({ reason: "Expired" });
  });

  it("contains what the selectors select", async () => {
    expect((await page("labelSelector=vowel%3Dtrue")).names).to.deep.equal(["a", "e"]);
    expect((await page("fieldSelector=metadata.name%3Dd")).names).to.deep.equal(["d"]);
  });

  it("spans all namespaces without one in the path, and leaves kind and apiVersion to the list", async () => {
    const { body } = await client.get("/api/v1/configmaps");
    expect(body).to.include({ kind: "ConfigMapList", apiVersion: "v1" });
    const [item] = body["items"] as object[];
    expect(item).to.have.property("metadata");
    expect(item).to.not.have.any.keys("kind", "apiVersion");
  });

  it("is a table for clients that want one", async () => {
    const response = await fetch(`${cluster.url}${PATH}`, {
      headers: { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" },
    });
    const table = (await response.json()) as { kind: string; rows: { cells: unknown[] }[] };
    expect(table.kind).to.equal("Table");
    expect(table.rows[0]?.cells[0]).to.equal("a");
  });
});
