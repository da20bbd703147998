import { expect } from "chai";
import { type HttpServer, type Route, startHttpServer } from "./http-server.ts";
import { forReaders, healthRoutes, metricsRoute, type ReaderVerdict } from "./routes.ts";

const METRICS = { render: async () => ({ contentType: "text/plain; version=0.0.4", body: "m 1\n" }) };

describe("the routes of the operator", () => {
  const started: HttpServer[] = [];
  afterEach(() => Promise.all(started.splice(0).map((server) => server.stop())));

  /** What a GET is answered. */
  async function answer(
    path: string,
    routes: Readonly<Record<string, Route>>,
    headers: Record<string, string> = {},
  ) {
    const server = await startHttpServer({ host: "127.0.0.1", port: 0, flag: "--metrics-address", routes });
    started.push(server);
    const response = await fetch(server.url + path, { headers });
    return {
      status: response.status,
      type: response.headers.get("content-type"),
      challenge: response.headers.get("www-authenticate"),
      body: await response.text(),
    };
  }

  const health = (isAlive: true | string, isReady: true | string) =>
    healthRoutes({ isAlive: () => isAlive, isReady: () => isReady });

  it("serve the metrics", async () => {
    const served = await answer("/metrics", { "/metrics": metricsRoute(METRICS) });
    expect(served).to.include({ status: 200, type: "text/plain; version=0.0.4", body: "m 1\n" });
  });

  it("say that the metrics cannot be read", async () => {
    const failing = { render: () => Promise.reject(new Error("a gauge failed")) };
    const served = await answer("/metrics", { "/metrics": metricsRoute(failing) });
    expect(served.status).to.equal(500);
    expect(served.body).to.contain("cannot read the metrics: a gauge failed");
  });

  it("say ok when it is alive and ready, and with status 503 what is missing", async () => {
    expect(await answer("/healthz", health(true, true))).to.include({ status: 200, body: "ok\n" });
    expect(await answer("/readyz", health(true, true))).to.include({ status: 200, body: "ok\n" });
    const unready = health(true, "caches not synced: pods");
    expect(await answer("/readyz", unready)).to.include({ status: 503, body: "caches not synced: pods\n" });
    expect(await answer("/healthz", unready)).to.include({ status: 200 });
    expect(await answer("/healthz", health("stuck", true))).to.include({ status: 503, body: "stuck\n" });
  });

  describe("for readers", () => {
    const asked: string[] = [];
    const guarded = (verdict: ReaderVerdict) => ({
      "/metrics": forReaders(metricsRoute(METRICS), async (token) => {
        asked.push(token);
        return verdict;
      }),
    });
    beforeEach(() => asked.splice(0));

    const answers = { allowed: 200, unauthenticated: 401, forbidden: 403, busy: 503 } as const;
    for (const [verdict, status] of Object.entries(answers)) {
      it(`answer ${status} to a token that is ${verdict}`, async () => {
        const headers = { authorization: "Bearer a.b.c" };
        const served = await answer("/metrics", guarded(verdict as ReaderVerdict), headers);
        expect(served.status).to.equal(status);
        expect(served.body === "m 1\n").to.equal(status === 200);
        expect(asked).to.deep.equal(["a.b.c"]);
      });
    }

    it("answer 401 to whoever sends no token, without asking the cluster", async () => {
      for (const authorization of ["", "Basic dXNlcjpwYXNz", "Bearer", "Bearer a b"]) {
        const served = await answer("/metrics", guarded("allowed"), { authorization });
        expect(served).to.include({ status: 401, challenge: "Bearer" });
      }
      expect(asked).to.deep.equal([]);
    });
  });
});
