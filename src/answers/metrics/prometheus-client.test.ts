import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  LOCALHOST_CERTIFICATE as cert,
  LOCALHOST_KEY as key,
} from "../../kube/testing/localhost-certificate.ts";
import { ManualClock } from "../../kube/testing/manual-clock.ts";
import { PrometheusClient } from "./prometheus-client.ts";
import { SourceError } from "./source-error.ts";
import { parseSourceFile } from "./source-file.ts";

const SECRET = "a-text-that-only-the-source-knows";
const VECTOR = {
  status: "success",
  data: { resultType: "vector", result: [{ metric: { pod: "web-1" }, value: [1.5, "12.5"] }] },
};

interface Request {
  readonly url: string;
  readonly method: string;
  readonly headers: IncomingMessage["headers"];
  readonly form: URLSearchParams;
}
type Answer = (response: ServerResponse) => void;

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };

describe("PrometheusClient", () => {
  let folder: string;
  let answer: Answer;
  let requests: Request[];
  const ends: (() => unknown)[] = [];
  const clock = new ManualClock();

  const listener = (request: IncomingMessage, response: ServerResponse) => {
    let body = "";
    request.on("data", (chunk) => {
      body += String(chunk);
    });
    request.on("end", () => {
      const { url = "", method = "", headers } = request;
      requests.push({ url, method, headers, form: new URLSearchParams(body) });
      answer(response);
    });
  };

  async function start(server: ReturnType<typeof createServer>): Promise<number> {
    server.listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    ends.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return (server.address() as AddressInfo).port;
  }

  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  function aClient(url: string, fields: Record<string, unknown> = {}): PrometheusClient {
    const sources = [{ name: "default", url, namespaces: ["*"], timeout: "30s", ...fields }];
    const [config] = parseSourceFile(JSON.stringify({ sources }));
    if (!config) throw new Error("no source");
    const client = new PrometheusClient(config, clock);
    ends.push(() => client.close());
    return client;
  }

  const QUERY = { query: "sum(up)", at: Date.UTC(2026, 0, 1, 0, 0, 0, 250), namespace: "shop" };
  const failureOf = async (client: PrometheusClient): Promise<SourceError> => {
    const error: unknown = await client.ask(QUERY).then(
      () => new Error("answered"),
      (error: unknown) => error,
    );
    if (!(error instanceof SourceError)) throw error;
    expect(error.message).to.contain("metric source default".slice(1)).and.not.to.contain(SECRET);
    return error;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "metric-source-"));
    answer = json(200, VECTOR);
    requests = [];
  });
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
    rmSync(folder, { recursive: true });
  });

  it("posts one query about one moment, with its deadline", async () => {
    const port = await start(createServer(listener));
    const client = aClient(`http://127.0.0.1:${port}/prometheus/`, {
      timeout: "5s",
      headers: { "X-Scope-OrgID": "tenant-$namespace" },
    });
    expect(await client.ask(QUERY)).to.deep.equal({
      type: "vector",
      series: [{ labels: { pod: "web-1" }, value: 12.5 }],
    });
    expect(requests).to.have.length(1);
    expect(requests[0]).to.include({ url: "/prometheus/api/v1/query", method: "POST" });
    expect(Object.fromEntries(requests[0]?.form ?? [])).to.deep.equal({
      query: "sum(up)",
      time: "1767225600.250",
      timeout: "5s",
    });
    expect(requests[0]?.headers["x-scope-orgid"]).to.equal("tenant-shop");
  });

  it("sends the token of a file, and the new one a minute after it was replaced", async () => {
    const port = await start(createServer(listener));
    const client = aClient(`http://127.0.0.1:${port}`, { bearerTokenFile: file("token", "first\n") });
    await client.ask(QUERY);
    file("token", "second\n");
    clock.advance(60_000);
    await client.ask(QUERY);
    expect(requests.map(({ headers }) => headers.authorization)).to.deep.equal([
      "Bearer first",
      "Bearer second",
    ]);
  });

  it("sends user name and password from files", async () => {
    const port = await start(createServer(listener));
    const basicAuth = { usernameFile: file("user", "me"), passwordFile: file("password", "p:w\n") };
    await aClient(`http://127.0.0.1:${port}`, { basicAuth }).ask(QUERY);
    expect(requests[0]?.headers.authorization).to.equal(`Basic ${Buffer.from("me:p:w").toString("base64")}`);
  });

  it("asks nothing with a token that is missing or would end the header", async () => {
    const port = await start(createServer(listener));
    const url = `http://127.0.0.1:${port}`;
    for (const bearerTokenFile of [join(folder, "none"), file("token", "a\r\nHost: b")]) {
      const error = await failureOf(aClient(url, { bearerTokenFile }));
      expect(error.failure).to.equal("unauthorized");
      expect(error.message).to.not.contain(folder);
    }
    expect(requests).to.deep.equal([]);
  });

  for (const [what, given, failure, message] of [
    ["a server error", json(503, { error: SECRET }), "status", "status 503"],
    ["rejected credentials", json(401, SECRET), "unauthorized", "(401)"],
    ["a forbidden query", json(403, SECRET), "unauthorized", "(403)"],
    [
      "a query that is too heavy",
      json(422, { errorType: "execution", error: SECRET }),
      "status",
      "status 422",
    ],
    ["a page instead of a result", json(200, `<html>${SECRET}</html>`), "status", "is not a query result"],
    [
      "an error with status 200",
      json(200, { status: "error", error: SECRET }),
      "status",
      "is not a query result",
    ],
    ["a partial result", json(200, { ...VECTOR, warnings: [SECRET] }), "partial", "partial result"],
    [
      "a partial result of VictoriaMetrics",
      json(200, { ...VECTOR, isPartial: true }),
      "partial",
      "partial result",
    ],
    ["more than 1 MiB", json(200, `"${"x".repeat(1_100_000)}"`), "tooLarge", "more than 1 MiB"],
    ["more than 1 MiB of error", json(500, "x".repeat(1_100_000)), "tooLarge", "more than 1 MiB"],
    ["very long headers", json(200, VECTOR, { "x-long": "x".repeat(20_000) }), "unreachable", "UND_ERR"],
    [
      "a connection that is cut",
      (response: ServerResponse) => response.destroy(),
      "unreachable",
      "cannot be reached",
    ],
  ] as const) {
    it(`fails as ${failure} for ${what}, without a word of the source`, async () => {
      answer = given;
      const port = await start(createServer(listener));
      const error = await failureOf(aClient(`http://127.0.0.1:${port}`));
      expect(error.failure).to.equal(failure);
      expect(error.message).to.contain(message);
    });
  }

  it("follows no redirect", async () => {
    const port = await start(createServer(listener));
    for (const status of [301, 302, 307, 308]) {
      requests = [];
      answer = json(status, "", { location: `http://127.0.0.1:${port}/elsewhere` });
      const error = await failureOf(aClient(`http://127.0.0.1:${port}`));
      expect(error).to.include({ failure: "status" });
      expect(requests.map(({ url }) => url)).to.deep.equal(["/api/v1/query"]);
    }
  });

  for (const [what, given] of [
    ["answers nothing", () => {}],
    ["never ends its answer", (response: ServerResponse) => void response.writeHead(200).write("{")],
  ] as const) {
    it(`gives up on a source that ${what}`, async () => {
      answer = given;
      const port = await start(createServer(listener));
      const error = await failureOf(aClient(`http://127.0.0.1:${port}`, { timeout: "100ms" }));
      expect(error).to.include({ failure: "timeout" });
    });
  }

  it("knows a query that cannot be parsed from other refusals", async () => {
    const port = await start(createServer(listener));
    answer = json(400, { status: "error", errorType: "bad_data", error: SECRET });
    expect(await failureOf(aClient(`http://127.0.0.1:${port}`))).to.include({ isBadQuery: true });
    answer = json(400, "no org id");
    expect(await failureOf(aClient(`http://127.0.0.1:${port}`))).to.include({
      isBadQuery: false,
      failure: "status",
    });
  });

  it("cannot reach what does not listen, and says why", async () => {
    const server = createServer(listener);
    const port = await start(server);
    await new Promise((resolve) => server.close(resolve));
    const error = await failureOf(aClient(`http://127.0.0.1:${port}`));
    expect(error).to.include({ failure: "unreachable" });
    expect(error.message).to.contain("ECONNREFUSED").and.not.to.contain(String(port));
  });

  it("trusts the authorities of caFile, and without it no certificate that they signed", async () => {
    const port = await start(createTlsServer({ cert, key }, listener));
    const caFile = file("ca.crt", cert);
    expect(await aClient(`https://localhost:${port}`, { caFile }).ask(QUERY)).to.have.property(
      "type",
      "vector",
    );
    expect(await failureOf(aClient(`https://localhost:${port}`))).to.include({ failure: "tls" });
    expect(
      await failureOf(aClient(`https://localhost:${port}`, { caFile: join(folder, "none") })),
    ).to.include({
      failure: "tls",
    });
  });

  it("takes another caFile within a minute", async () => {
    const port = await start(createTlsServer({ cert, key }, listener));
    const client = aClient(`https://localhost:${port}`, { caFile: file("ca.crt", "") });
    expect(await failureOf(client)).to.include({ failure: "tls" });
    file("ca.crt", cert);
    clock.advance(60_000);
    expect(await client.ask(QUERY)).to.have.property("type", "vector");
  });
});
