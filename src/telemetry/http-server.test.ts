import { once } from "node:events";
import { get as httpsGet } from "node:https";
import { connect } from "node:net";
import { connect as tlsConnect } from "node:tls";
import { expect } from "chai";
import { type HttpServer, type HttpServerOptions, send, startHttpServer } from "./http-server.ts";
import { selfSignedCertificate } from "./self-signed-certificate.ts";

describe("startHttpServer", () => {
  const started: HttpServer[] = [];
  const start = async (options: Partial<HttpServerOptions> = {}) => {
    const server = await startHttpServer({
      host: "127.0.0.1",
      port: 0,
      flag: "--metrics-address",
      routes: { "/healthz": (_request, response) => send(response, 200, "text/plain", "ok\n") },
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

  it("answers by the path, whatever the query", async () => {
    const { url } = await start();
    expect(await get(`${url}/healthz?verbose`)).to.include({ status: 200, body: "ok\n" });
  });

  it("answers other paths and methods with an error in JSON", async () => {
    const { url } = await start();
    const unknown = await get(`${url}/metricz`);
    expect(unknown).to.include({ status: 404, type: "application/json" });
    expect(JSON.parse(unknown.body).error).to.equal("no page at /metricz; try /healthz");
    expect(await get(`${url}/constructor`)).to.include({ status: 404 });
    expect(await get(`${url}/healthz`, { method: "POST" })).to.include({ status: 405 });
  });

  it("answers 500 when a route fails, and keeps serving", async () => {
    const routes = { "/fails": () => Promise.reject(new Error("a gauge failed")) };
    const { url } = await start({ routes });
    const failed = await get(`${url}/fails`);
    expect(failed).to.include({ status: 500 });
    expect(failed.body).to.contain("a gauge failed");
    expect(await get(`${url}/fails`)).to.include({ status: 500 });
  });

  it("refuses a head that is too long", async () => {
    const { url } = await start();
    const tooLong = await get(`${url}/healthz`, { headers: { "x-long": "x".repeat(20_000) } });
    expect(tooLong.status).to.equal(431);
    expect(await get(`${url}/healthz`)).to.include({ status: 200 });
  });

  it("keeps no more than 200 connections, and lets go of those that say nothing", async () => {
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

  describe("with a certificate", () => {
    const first = selfSignedCertificate("first", Date.now());
    const second = selfSignedCertificate("second", Date.now());

    /** Over a connection of its own, by a client that trusts this certificate and nothing else. */
    const getTrusting = (url: string, { cert }: { readonly cert: string }, servername: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        httpsGet(`${url}/healthz`, { ca: cert, servername, agent: false }, (response) => {
          response.resume().on("end", () => resolve(response.statusCode));
        }).on("error", reject);
      });

    it("speaks TLS, and nothing older than 1.2", async () => {
      const { url } = await start({ certificate: () => first });
      expect(url).to.match(/^https:/);
      expect(await getTrusting(url, first, "first")).to.equal(200);
      const { port, hostname } = new URL(url);
      const old = tlsConnect({ host: hostname, port: Number(port), ca: first.cert, maxVersion: "TLSv1.1" });
      const [error] = await once(old, "error");
      expect(error).to.be.an("error");
    });

    it("takes another certificate for the connections that begin after it came", async () => {
      let present = first;
      const { url } = await start({ certificate: () => present });
      expect(await getTrusting(url, first, "first")).to.equal(200);
      present = second;
      expect(await getTrusting(url, second, "second")).to.equal(200);
      const refused = await getTrusting(url, first, "first").catch((error: Error) => error.message);
      expect(refused).to.be.a("string");
    });

    it("lets go of a client that does not begin the handshake", async () => {
      const { url } = await start({ certificate: () => first });
      const { port, hostname } = new URL(url);
      const silent = connect(Number(port), hostname).on("error", () => {});
      await once(silent, "close");
      expect(await getTrusting(url, first, "first")).to.equal(200);
    });
  });
});
