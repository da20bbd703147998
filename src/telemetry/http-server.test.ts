import { once } from "node:events";
import { connect } from "node:net";
import { expect } from "chai";
import { type HttpServer, type HttpServerOptions, startHttpServer } from "./http-server.ts";

describe("startHttpServer", () => {
  const started: HttpServer[] = [];
  const start = async (options: Partial<HttpServerOptions> = {}) => {
    const server = await startHttpServer({
      host: "127.0.0.1",
      port: 0,
      metrics: { render: async () => ({ contentType: "text/plain; version=0.0.4", body: "m 1\n" }) },
      isAlive: () => true,
      isReady: () => true,
      ...options,
    });
    started.push(server);
    return server;
  };
  afterEach(() => Promise.all(started.splice(0).map((server) => server.stop())));

  const get = async (url: string, init?: RequestInit) => {
    const response = await fetch(url, init);
    return {
      status: response.status,
      type: response.headers.get("content-type"),
      body: await response.text(),
    };
  };

  it("serves the metrics", async () => {
    const { url } = await start();
    expect(await get(`${url}/metrics`)).to.deep.equal({
      status: 200,
      type: "text/plain; version=0.0.4",
      body: "m 1\n",
    });
  });

  it("says ok when it is alive and ready", async () => {
    const { url } = await start();
    expect(await get(`${url}/healthz`)).to.include({ status: 200, body: "ok\n" });
    expect(await get(`${url}/readyz?verbose`)).to.include({ status: 200, body: "ok\n" });
  });

  it("says with status 503 what is not ready", async () => {
    const { url } = await start({ isReady: () => "caches not synced: pods, services" });
    expect(await get(`${url}/readyz`)).to.include({
      status: 503,
      body: "caches not synced: pods, services\n",
    });
    expect(await get(`${url}/healthz`)).to.include({ status: 200 });
  });

  it("says with status 503 why it is not alive", async () => {
    const { url } = await start({ isAlive: () => "the queue has not moved for 5m" });
    expect(await get(`${url}/healthz`)).to.include({ status: 503, body: "the queue has not moved for 5m\n" });
  });

  it("answers other paths and methods with an error in JSON", async () => {
    const { url } = await start();
    const unknown = await get(`${url}/metricz`);
    expect(unknown).to.include({ status: 404, type: "application/json" });
    expect(JSON.parse(unknown.body).error).to.contain("/metricz");
    expect(await get(`${url}/metrics`, { method: "POST" })).to.include({ status: 405 });
  });

  it("answers 500 when the metrics cannot be read, and goes on", async () => {
    const { url } = await start({ metrics: { render: () => Promise.reject(new Error("a gauge failed")) } });
    const failed = await get(`${url}/metrics`);
    expect(failed).to.include({ status: 500 });
    expect(failed.body).to.contain("a gauge failed");
    expect(await get(`${url}/healthz`)).to.include({ status: 200 });
  });

  it("refuses a head that is too long", async () => {
    const { url } = await start();
    const tooLong = await get(`${url}/healthz`, { headers: { "x-long": "x".repeat(20_000) } });
    expect(tooLong.status).to.equal(431);
    expect(await get(`${url}/healthz`)).to.include({ status: 200 });
  });

  it("keeps no more than 200 connections, and lets go of those that say nothing", async function () {
    this.timeout(30_000);
    const { url } = await start();
    const { port, hostname } = new URL(url);
    const sockets = Array.from({ length: 220 }, () => connect(Number(port), hostname).on("error", () => {}));
    const closed = sockets.map((socket) => once(socket, "close"));
    await Promise.all(
      sockets.map((socket) => Promise.race([once(socket, "connect"), once(socket, "close")])),
    );
    // Those beyond the limit are closed at once, the others when they have sent no head for a while.
    await Promise.race(closed);
    await Promise.all(closed);
    expect(await get(`${url}/healthz`)).to.include({ status: 200 });
  });

  it("refuses a taken port with what to do", async () => {
    const { url } = await start();
    const error = await start({ port: Number(new URL(url).port) }).then(
      () => undefined,
      (error: Error) => error,
    );
    expect(error?.message).to.contain("--metrics-address");
    expect(error?.cause).to.have.property("code", "EADDRINUSE");
  });

  it("frees the port when it stops, even with a connection kept alive", async () => {
    const server = await start();
    await get(`${server.url}/healthz`);
    await server.stop();
    started.length = 0;
    expect(await get(`${server.url}/healthz`).catch(() => "refused")).to.equal("refused");
  });
});
