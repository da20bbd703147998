import { once } from "node:events";
import { type ClientHttp2Session, connect } from "node:http2";
import { request } from "node:https";
import { expect } from "chai";
import { type SimulatedCluster, startSimulatedCluster } from "../simulated-cluster.ts";
import { waitUntil } from "../wait-until.ts";
import { certificate } from "./certificate.ts";

const PATH = "/api/v1/namespaces/shop/configmaps";

describe("TLS", () => {
  let cluster: SimulatedCluster;
  let session: ClientHttp2Session;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ hasControllers: false, timeScale: 100, tls: true });
    session = connect(cluster.url, { ca: certificate().cert });
    session.on("error", () => undefined);
    add("first");
  });

  afterEach(async () => {
    session.destroy();
    await cluster.stop();
  });

  function add(name: string): void {
    cluster.store.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "shop" } });
  }

  function open(path: string) {
    const stream = session.request({ ":path": path, "user-agent": "tester" });
    const answer = { text: "", status: 0, code: Number.NaN };
    stream.setEncoding("utf8");
    stream.on("response", (headers) => {
      answer.status = Number(headers[":status"]);
    });
    stream.on("data", (text: string) => {
      answer.text += text;
    });
    stream.on("error", () => undefined);
    const closed = new Promise<typeof answer>((resolve) => {
      stream.once("close", () => {
        answer.code = stream.rstCode ?? 0;
        resolve(answer);
      });
    });
    return { answer, closed, stream };
  }

  it("carries many watches and requests on one HTTP/2 connection", async () => {
    const watches = ["a", "b", "c"].map(() => open(`${PATH}?watch=true`));
    await waitUntil(cluster, "the watches", () => watches.every(({ answer }) => answer.text !== ""));
    const { status, text } = await open(PATH).closed;
    expect([status, (JSON.parse(text) as { kind: string }).kind]).to.deep.equal([200, "ConfigMapList"]);
    expect([cluster.openWatches(), cluster.openSockets()]).to.deep.equal([3, 1]);
    expect(cluster.requests.all().at(-1)).to.include({ userAgent: "tester", verb: "list" });
    expect(cluster.requests.all().at(-1)?.remotePort).to.be.above(0);
    for (const { stream } of watches) stream.close();
    await waitUntil(cluster, "the watches are closed", () => cluster.openWatches() === 0);
  });

  it("serves HTTP/1.1 to those who cannot do better", async () => {
    const asked = request(`${cluster.url}${PATH}`, { ca: certificate().cert }).end();
    const [response] = (await once(asked, "response")) as [import("node:http").IncomingMessage];
    expect([response.httpVersion, response.statusCode]).to.deep.equal(["1.1", 200]);
    response.destroy();
  });

  it("is described in the kubeconfig by the authority of its certificate", () => {
    const [, data = ""] = /certificate-authority-data: (\S+)/.exec(cluster.kubeconfig()) ?? [];
    expect(Buffer.from(data, "base64").toString()).to.equal(certificate().cert);
    expect(cluster.kubeconfig()).to.contain("server: https://").and.not.contain("insecure");
  });

  it("resets one watch and leaves the others", async () => {
    const [first, second] = [open(`${PATH}?watch=true`), open(`${PATH}?watch=true`)];
    await waitUntil(cluster, "both watch", () => cluster.openWatches() === 2);
    cluster.faults.add({ does: { watch: "reset" }, times: 1 });
    expect((await first.closed).code).to.not.equal(0);
    add("second");
    await waitUntil(cluster, "the other goes on", () => second.answer.text.includes('"second"'));
    expect(session.destroyed).to.equal(false);
  });

  it("ends the watch of a client that reads too slowly, behind what is on its way, and leaves the others", async () => {
    const [slow, other] = [open(`${PATH}?watch=true`), open("/api/v1/namespaces?watch=true")];
    await waitUntil(cluster, "both watch", () => cluster.openWatches() === 2);
    const megabyte = "x".repeat(1_000_000);
    const changes = 80;
    const metadata = { name: "large", namespace: "shop" };
    for (let n = 0; n < changes; n++) {
      const data = { n: String(n), megabyte };
      cluster.store.apply({ apiVersion: "v1", kind: "ConfigMap", metadata, data });
    }
    const { code, text } = await slow.closed;
    expect([code, text.split(megabyte).length - 1, text.endsWith("\n")]).to.deep.equal([0, changes, true]);
    expect([session.destroyed, other.stream.closed, cluster.openWatches()]).to.deep.equal([false, false, 1]);
  });

  it("cuts the connection of a watch with everything that runs on it", async () => {
    const watch = open(`${PATH}?watch=true`);
    await waitUntil(cluster, "it watches", () => cluster.openWatches() === 1);
    const closed = once(session, "close");
    cluster.faults.add({ does: { watch: "cut" }, forMs: 0 });
    await Promise.all([closed, watch.closed]);
    expect(session.destroyed).to.equal(true);
  });

  it("says GOAWAY when the server shuts down, after ending watches properly", async () => {
    const watch = open(`${PATH}?watch=true`);
    await waitUntil(cluster, "it watches", () => watch.answer.text !== "");
    const goaway = once(session, "goaway");
    const restarted = cluster.restartApiServer({ isGraceful: true });
    const [code] = (await goaway) as [number];
    expect([code, (await watch.closed).code]).to.deep.equal([0, 0]);
    await restarted;
  });

  it("sends half an answer and breaks the connection", async () => {
    cluster.faults.add({ does: { spoil: "half" }, times: 1 });
    const { answer, closed } = open(PATH);
    const ended = once(session, "close");
    await Promise.all([closed, ended]);
    expect(answer.status).to.equal(200);
    expect(() => JSON.parse(answer.text) as unknown).to.throw(SyntaxError);
  });
});
