import { request } from "node:http";
import type { Duplex } from "node:stream";
import { connect as secure } from "node:tls";
import { expect } from "chai";
import { exampleDeployment } from "../../example-manifests.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../../simulated-cluster.ts";
import { waitUntil } from "../../wait-until.ts";

describe("the network of pods", () => {
  let cluster: SimulatedCluster;
  afterEach(() => cluster.stop());

  /** The address of a ready pod. */
  async function runApplication(env: Readonly<Record<string, string>>): Promise<string> {
    cluster = await startSimulatedCluster({ timeScale: 200 });
    cluster.store.apply(exampleDeployment({ spec: { replicas: 1 }, env }));
    const pods = () => cluster.store.list("pods", "shop");
    await waitUntil(cluster, "the container runs", () =>
      pods().some(({ status }) => status.containerStatuses?.[0]?.started === true),
    );
    return pods()[0]?.status.podIP ?? "";
  }

  async function get(path: string, connection: Duplex) {
    return new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      const asking = request({ path, createConnection: () => connection }, (answer) => {
        let text = "";
        answer.on("data", (piece: Buffer) => {
          text += piece.toString();
        });
        answer.on("end", () => resolve({ status: answer.statusCode, text }));
      });
      asking.on("error", reject).end();
    });
  }

  function connected(address: string, port = 8080): Duplex {
    const connection = cluster.connectToPod(address, port);
    if (typeof connection === "string") throw new Error(connection);
    return connection;
  }

  it("leads to the application, which answers as its variables say", async () => {
    const address = await runApplication({ BODY: "hello", ERROR_RATE: "0.5", TRAFFIC: "10" });
    expect(await get("/", connected(address))).to.deep.equal({ status: 200, text: "hello" });
    expect(await get("/", connected(address))).to.include({ status: 500 });
    expect(await get("/healthz", connected(address))).to.include({ status: 200 });
    const metrics = await get("/metrics", connected(address));
    expect(metrics.text).to.contain('http_requests_total{code="500"}');
  });

  it("lets users wait as long as the variables say, by the clock of the cluster", async () => {
    const address = await runApplication({ LATENCY: "30s" });
    const before = cluster.now();
    await get("/", connected(address));
    expect(cluster.now() - before).to.be.at.least(30_000);
  });

  it("refuses ports on which nothing listens, and knows no other addresses", async () => {
    const address = await runApplication({});
    expect(cluster.connectToPod(address, 9090)).to.equal("refused");
    expect(cluster.connectToPod("10.244.255.1", 8080)).to.equal("unreachable");
    cluster.store.delete("deployments", "shop", "web");
    await waitUntil(cluster, "the pod is gone", () => cluster.store.list("pods", "shop").length === 0);
    expect(cluster.connectToPod(address, 8080)).to.equal("unreachable");
  });

  it("talks TLS where the application does", async () => {
    const address = await runApplication({ TLS: "1", BODY: "secret" });
    const tls = secure({ socket: connected(address), rejectUnauthorized: false });
    expect(await get("/", tls)).to.include({ text: "secret" });
  });

  it("is reached by CONNECT at the port of the API server", async () => {
    const address = await runApplication({ BODY: "through" });
    const { hostname, port } = new URL(cluster.url);
    const tunnel = (target: string) =>
      new Promise<{ status: number | undefined; socket: Duplex }>((resolve, reject) => {
        request({ hostname, port, method: "CONNECT", path: target })
          .once("connect", ({ statusCode }, socket) => resolve({ status: statusCode, socket }))
          .once("error", reject)
          .end();
      });
    const { status, socket } = await tunnel(`${address}:8080`);
    expect(status).to.equal(200);
    expect(await get("/", socket)).to.include({ text: "through" });
    expect(await tunnel(`${address}:1`)).to.include({ status: 502 });
    expect(await tunnel("10.244.255.1:80")).to.include({ status: 504 });
    expect(await tunnel("example.com:80")).to.include({ status: 504 });
  });
});
