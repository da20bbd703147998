import { KubeConfig } from "@kubernetes/client-node";
import { expect } from "chai";
import { ClusterClock } from "../cluster-clock.ts";
import {
  type ScriptedClient,
  type ScriptedClientOptions,
  startScriptedClient,
} from "../testing/scripted-client.ts";
import { eventually, type Script, statusBody } from "../testing/scripted-server.ts";
import { createApiClient } from "./api-client.ts";
import { ApiError, ConnectionError, isNotFound } from "./api-error.ts";
import { createConnection } from "./connection.ts";

const HEADER = "Sun, 01 Mar 2026 12:00:00 GMT";

describe("ApiClient", () => {
  let scripted: ScriptedClient | undefined;
  const begin = async (script: Script, options?: ScriptedClientOptions) => {
    scripted = await startScriptedClient(script, options);
    return scripted;
  };
  afterEach(async () => {
    await scripted?.stop();
    scripted = undefined;
  });

  const rejectionOf = async (promise: Promise<unknown>): Promise<unknown> => {
    try {
      await promise;
    } catch (error) {
      return error;
    }
    throw new Error("it did not reject");
  };

  for (const protocol of ["http/1.1", "h2"] as const) {
    describe(`over ${protocol}`, () => {
      it("sends the query, who it is and what it takes, and returns the JSON as it is", async () => {
        const { client, server } = await begin((_, answer) => answer.json(200, { kind: "Pod", extra: [1] }), {
          protocol,
          user: () => ({ token: "sesame" }),
        });
        expect(
          await client.get("/api/v1/pods", { limit: 5, labelSelector: "a=b,c", continue: undefined }),
        ).to.deep.equal({ kind: "Pod", extra: [1] });
        const [request] = server.requests;
        expect(request?.query.toString()).to.equal("limit=5&labelSelector=a%3Db%2Cc");
        expect(request?.headers).to.include({
          accept: "application/json",
          authorization: "Bearer sesame",
          "user-agent": "rolloutguard-test",
        });
      });

      it("sends a JSON Patch as such, and a delete with its precondition", async () => {
        const { client, server } = await begin((_, answer) => answer.json(200, {}), { protocol });
        await client.jsonPatch("/x", [{ op: "remove", path: "/a" }]);
        await client.remove("/y", { uid: "u-1" });
        const [patch, remove] = server.requests;
        expect(patch).to.deep.include({ method: "PATCH", body: [{ op: "remove", path: "/a" }] });
        expect(patch?.headers["content-type"]).to.equal("application/json-patch+json");
        expect(remove).to.deep.include({
          method: "DELETE",
          body: { apiVersion: "v1", kind: "DeleteOptions", preconditions: { uid: "u-1" } },
        });
      });

      it("gives up on a server that never answers", async () => {
        const { client } = await begin(() => undefined, { protocol, requestTimeoutMs: 100 });
        const error = await rejectionOf(client.create("/x", {}));
        expect(error).to.be.instanceOf(ConnectionError);
        expect((error as Error).message).to.include("POST /x");
      });

      it("carries on after a reset", async () => {
        let calls = 0;
        const { client } = await begin(
          (_, answer) => (calls++ === 0 ? answer.reset() : answer.json(200, { calls })),
          {
            protocol,
          },
        );
        expect(await client.get("/x")).to.deep.equal({ calls: 2 });
      });

      it("reads a watch line by line, however it is cut into pieces", async () => {
        const { client } = await begin(
          (_, answer) => {
            answer.text('{"type":"ADDED","obj');
            setTimeout(() => answer.text('ect":{"name":"ü"}}\n\n{"a":1}\n{"half'), 20);
            setTimeout(() => answer.end(), 40);
          },
          { protocol },
        );
        const lines: string[] = [];
        const end = await client.watch("/w", {}, watching({ onLine: (line) => lines.push(line) }));
        expect(end).to.equal("closed");
        expect(lines).to.deep.equal(['{"type":"ADDED","object":{"name":"ü"}}', '{"a":1}']);
      });

      it("ends a watch that falls silent, and one that is overdue", async () => {
        const { client } = await begin((_, answer) => answer.open(), { protocol });
        expect(await client.watch("/w", {}, watching({ silenceMs: 100 }))).to.equal("silent");
        expect(await client.watch("/w", {}, watching({ longestMs: 100 }))).to.equal("overdue");
      });

      it("says that a watch was reset", async () => {
        const { client } = await begin(
          (_, answer) => {
            answer.event("ADDED", {});
            setTimeout(() => answer.reset(), 20);
          },
          { protocol },
        );
        expect(await rejectionOf(client.watch("/w", {}, watching({})))).to.be.instanceOf(ConnectionError);
      });
    });
  }

  it("makes of a refusal an error that names the request, the status, the reason and the message", async () => {
    const { client } = await begin((_, answer) =>
      answer.json(404, statusBody(404, "NotFound", 'pods "a" not found', { name: "a" })),
    );
    const error = await rejectionOf(client.get("/api/v1/pods/a", { limit: 1 }));
    expect(isNotFound(error)).to.equal(true);
    expect(error).to.deep.include({ status: 404, reason: "NotFound", details: { name: "a" } });
    expect((error as Error).message).to.equal('GET /api/v1/pods/a: 404 NotFound: pods "a" not found');
  });

  it("quotes an answer that is no Status", async () => {
    const { client } = await begin((_, answer) => answer.json(403, "blocked by proxy"));
    expect(((await rejectionOf(client.get("/x"))) as Error).message).to.equal(
      "GET /x: 403: blocked by proxy",
    );
  });

  it("retries a read that meets 429, 500, 503 or half an answer, three times in all", async () => {
    const faults: Script[] = [
      (_, answer) => answer.json(429, statusBody(429, "TooManyRequests", "wait"), { "retry-after": "1" }),
      (_, answer) => answer.json(500, {}),
      (_, answer) => {
        answer.text('{"kind":');
        answer.end();
      },
      (_, answer) => answer.json(200, { done: true }),
    ];
    const { client, server } = await begin((request, answer) => faults.shift()?.(request, answer));
    expect(await rejectionOf(client.get("/x"))).to.be.instanceOf(ConnectionError);
    expect(server.requests).to.have.length(3);
    expect(await client.get("/x")).to.deep.equal({ done: true });
  });

  it("waits as long as Retry-After says before it reads again", async () => {
    let calls = 0;
    const { client, clock } = await begin(
      (_, answer) => (calls++ === 0 ? answer.json(429, {}, { "retry-after": "7" }) : answer.json(200, {})),
      { rate: 100 },
    );
    await client.get("/warm-up");
    calls = 0;
    const before = clock.now();
    await client.get("/x");
    expect(clock.now() - before).to.be.at.least(7_000);
  });

  it("does not retry what will not get better, nor wait for minutes", async () => {
    const { client, server } = await begin((request, answer) =>
      request.path === "/forbidden" ? answer.json(403, {}) : answer.json(429, {}, { "retry-after": "600" }),
    );
    expect(await rejectionOf(client.get("/forbidden"))).to.include({ status: 403 });
    expect(await rejectionOf(client.get("/busy"))).to.include({ status: 429, retryAfterMs: 600_000 });
    expect(server.requests).to.have.length(2);
  });

  for (const [fault, script] of [
    ["a reset", (_, answer) => answer.reset()],
    ["429", (_, answer) => answer.json(429, {}, { "retry-after": "0" })],
    ["500", (_, answer) => answer.json(500, {})],
    [
      "an answer that breaks off",
      (_, answer) => {
        answer.text('{"kind"');
        setTimeout(() => answer.reset(), 10);
      },
    ],
  ] satisfies [string, Script][]) {
    it(`sends a write once, whatever happens: ${fault}`, async () => {
      const { client, server } = await begin(script);
      await rejectionOf(client.jsonPatch("/x", []));
      expect(server.requests).to.have.length(1);
    });
  }

  it("meets a 401 once with fresh credentials, for a write too", async () => {
    let token = 0;
    const { client, server } = await begin(
      (request, answer) =>
        answer.json(request.headers.authorization === "Bearer token-2" ? 201 : 401, { kind: "Event" }),
      { user: () => ({ token: `token-${++token}` }) },
    );
    expect(await client.create("/x", { a: 1 })).to.deep.equal({ kind: "Event" });
    expect(server.requests.map((request) => request.body)).to.deep.equal([{ a: 1 }, { a: 1 }]);
    token = 5;
    expect(await client.create("/x", {})).to.deep.equal({ kind: "Event" });
  });

  it("passes a 401 on when fresh credentials do not help", async () => {
    const { client, server } = await begin((_, answer) => answer.json(401, {}));
    expect(await rejectionOf(client.get("/x"))).to.include({ status: 401 });
    expect(server.requests).to.have.length(2);
  });

  it("teaches the clock by every answer", async () => {
    const { client, clock } = await begin((_, answer) => answer.json(404, {}, { date: HEADER }), { rate: 1 });
    await rejectionOf(client.get("/x"));
    expect(clock.now()).to.be.within(Date.parse(HEADER), Date.parse(HEADER) + 5_000);
  });

  it("reports every answer, and requests without one", async () => {
    let calls = 0;
    const { client, reports } = await begin((_, answer) =>
      calls++ === 0 ? answer.json(201, {}) : calls === 2 ? answer.json(409, {}) : answer.reset(),
    );
    await client.create("/x", {});
    await rejectionOf(client.jsonPatch("/x", []));
    await rejectionOf(client.remove("/x"));
    expect(reports.map(({ method, code }) => `${method} ${code}`)).to.deep.equal([
      "POST 201",
      "PATCH 409",
      "DELETE none",
    ]);
  });

  it("says which server cannot be reached", async () => {
    const { server } = await begin(() => undefined);
    const config = server.kubeConfig();
    await server.stop();
    const connection = createConnection(() => config);
    const client = createApiClient({
      connection,
      clock: new ClusterClock({ rate: 1_000 }),
      userAgent: "test",
    });
    const error = await rejectionOf(client.get("/version"));
    expect(error).to.be.instanceOf(ConnectionError);
    expect((error as Error).message).to.match(/^GET \/version: .*ECONNREFUSED/);
    await connection.close();
  });

  describe("without a connection in sight", () => {
    const strand = (requestTimeoutMs: number) => {
      const config = new KubeConfig();
      config.loadFromClusterAndUser(
        { name: "x", server: "https://127.0.0.1:1", skipTLSVerify: true },
        { name: "x" },
      );
      // Never calls back: neither connected nor failed.
      const connection = createConnection(() => config, { connect: () => undefined });
      const clock = new ClusterClock({ rate: 1_000 });
      return createApiClient({ connection, clock, userAgent: "test", requestTimeoutMs });
    };

    it("holds the deadline of every request, reads and writes", async () => {
      const client = strand(50);
      const errors = await Promise.all([client.get("/a", {}), client.create("/b", {})].map(rejectionOf));
      expect(errors.map(String)).to.deep.equal([
        "ConnectionError: GET /a: no complete response before the deadline",
        "ConnectionError: POST /b: no complete response before the deadline",
      ]);
    });

    it("ends requests and watches when their signal aborts, with its reason", async () => {
      const client = strand(60_000);
      const abort = new AbortController();
      const { signal } = abort;
      const ends = [client.get("/a", {}, { signal }), client.watch("/b", {}, watching({ signal }))].map(
        rejectionOf,
      );
      const reason = new Error("enough");
      setImmediate(() => abort.abort(reason));
      expect(await Promise.all(ends)).to.deep.equal([reason, reason]);
    });
  });

  it("ends a watch when its signal aborts, with the signal's reason and without a socket left", async () => {
    const { client, server } = await begin((_, answer) => answer.open());
    const abort = new AbortController();
    const rejection = rejectionOf(
      client.watch(
        "/w",
        {},
        watching({ signal: abort.signal, onOpen: () => abort.abort(new Error("enough")) }),
      ),
    );
    expect(await rejection).to.have.property("message", "enough");
    await eventually("the server has no socket any more", () => server.openSockets() === 0);
  });

  it("ends a watch with the error of the one who reads it", async () => {
    const { client, server } = await begin((_, answer) => answer.event("ADDED", {}));
    const onLine = () => {
      throw new ApiError("watch", 410, {});
    };
    expect(await rejectionOf(client.watch("/w", {}, watching({ onLine })))).to.include({ status: 410 });
    await eventually("the server has no socket any more", () => server.openSockets() === 0);
  });
});

function watching(options: Partial<Parameters<ReturnType<typeof createApiClient>["watch"]>[2]>) {
  return {
    signal: new AbortController().signal,
    silenceMs: 60_000,
    longestMs: 60_000,
    onOpen: () => undefined,
    onLine: () => undefined,
    ...options,
  };
}
