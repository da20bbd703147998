import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { expect } from "chai";
import { ClusterClock } from "../cluster-clock.ts";
import { type ScriptedClient, startScriptedClient } from "../testing/scripted-client.ts";
import { eventually } from "../testing/scripted-server.ts";
import { createApiClient } from "./api-client.ts";
import { createConnection } from "./connection.ts";
import { loadKubeConfig } from "./kube-config.ts";

describe("createConnection", () => {
  let scripted: ScriptedClient | undefined;
  afterEach(async () => {
    await scripted?.stop();
    scripted = undefined;
  });

  for (const [protocol, mostSockets] of [
    ["http/1.1", 8],
    ["h2", 3],
  ] as const) {
    it(`needs at most ${mostSockets} sockets over ${protocol} for 7 watches and 50 requests at a time`, async () => {
      scripted = await startScriptedClient(
        (request, answer) => {
          if (request.query.has("watch")) answer.open();
          else setTimeout(() => answer.json(200, {}), 2);
        },
        { protocol },
      );
      const { client, server } = scripted;
      const abort = new AbortController();
      const { signal } = abort;
      let open = 0;
      const watches = Array.from({ length: 7 }, (_, index) =>
        client
          .watch(
            `/w${index}`,
            {},
            { signal, silenceMs: 60_000, longestMs: 60_000, onOpen: () => open++, onLine: () => 0 },
          )
          .catch((error: unknown) => error),
      );
      await Promise.all(Array.from({ length: 50 }, (_, index) => client.get(`/r${index}`)));
      await eventually("all watches are open", () => open === 7);
      await Promise.all(Array.from({ length: 50 }, (_, index) => client.create(`/r${index}`, {})));
      expect(server.mostSockets()).to.be.at.most(mostSockets);
      expect(server.requests).to.have.length(107);
      abort.abort();
      await Promise.all(watches);
    });
  }

  it("gives watch streams to the first who asked, seven of them over HTTP/1.1", async () => {
    scripted = await startScriptedClient((_, answer) => answer.json(200, {}));
    const { client } = scripted;
    await client.get("/x");
    const places = Array.from({ length: 9 }, () => client.reserveWatch());
    expect(places.map((place) => place.canWatch())).to.deep.equal([...Array(7).fill(true), false, false]);
    places[0]?.release();
    expect(places[7]?.canWatch()).to.equal(true);
    expect(places[8]?.canWatch()).to.equal(false);
  });

  it("has watch streams for many namespaces over HTTP/2", async () => {
    scripted = await startScriptedClient((_, answer) => answer.json(200, {}), { protocol: "h2" });
    const { client } = scripted;
    await client.get("/x");
    const places = Array.from({ length: 200 }, () => client.reserveWatch());
    expect(places.every((place) => place.canWatch())).to.equal(true);
  });

  it("does not trust a server whose certificate the kubeconfig's CA did not sign", async () => {
    scripted = await startScriptedClient((_, answer) => answer.json(200, {}), { protocol: "h2" });
    const config = new KubeConfig();
    const { url } = scripted.server;
    config.loadFromClusterAndUser({ name: "x", server: url, skipTLSVerify: false }, { name: "x" });
    const connection = createConnection(() => config);
    await connection.authorize();
    const request = connection.dispatcher("request").request({ origin: url, path: "/", method: "GET" });
    let message = "";
    await request.catch((error: Error) => (message = error.message));
    expect(message).to.match(/self-signed/);
    await connection.close();
  });

  it("honours the CA of a cluster whose context names no user", async () => {
    scripted = await startScriptedClient((_, answer) => answer.json(200, { ok: true }), { protocol: "h2" });
    const { server } = scripted;
    const cluster = server.kubeConfig().getCurrentCluster();
    const connection = createConnection(() => {
      const config = new KubeConfig();
      config.loadFromOptions({
        clusters: [cluster],
        users: [],
        contexts: [{ name: "c", cluster: cluster?.name, user: "" }],
        currentContext: "c",
      });
      return config;
    });
    expect(await connection.authorize()).to.deep.equal({});
    const answer = await connection
      .dispatcher("request")
      .request({ origin: server.url, path: "/", method: "GET" });
    expect(await answer.body.json()).to.deep.equal({ ok: true });
    await connection.close();
  });

  it("may be closed more than once", async () => {
    const config = new KubeConfig();
    config.loadFromClusterAndUser(
      { name: "a", server: "http://127.0.0.1:1", skipTLSVerify: false },
      { name: "a" },
    );
    const connection = createConnection(() => config);
    await connection.authorize();
    await Promise.all([connection.close(), connection.close()]);
    await connection.close();
  });

  it("sends user name and password, and whom to impersonate", async () => {
    scripted = await startScriptedClient((_, answer) => answer.json(200, {}), {
      user: () => ({ username: "ann", password: "pw", impersonateUser: "bob" }),
    });
    expect(await scripted.connection.authorize()).to.deep.equal({
      authorization: `Basic ${Buffer.from("ann:pw").toString("base64")}`,
      "impersonate-user": "bob",
    });
  });

  it("refuses a configuration without cluster, and a proxy that it cannot use", () => {
    expect(() => createConnection(() => new KubeConfig())).to.throw("no current context");
    const config = new KubeConfig();
    config.loadFromClusterAndUser(
      { name: "x", server: "https://127.0.0.1:1", skipTLSVerify: false, proxyUrl: "socks5://127.0.0.1:2" },
      { name: "x" },
    );
    expect(() => createConnection(() => config)).to.throw("use an http:// or https:// proxy");
  });
});

describe("impersonation", () => {
  for (const [protocol, groups] of [
    ["h2", ["ops"]],
    ["h2", ["ops", "a, b"]],
    ["http/1.1", ["ops", "dev"]],
  ] as const) {
    it(`sends the user and ${groups.length} groups, each for itself, to a server that speaks ${protocol}`, async () => {
      const scripted = await startScriptedClient((_, answer) => answer.json(200, { ok: true }), { protocol });
      const { server } = scripted;
      const connection = createConnection(() => server.kubeConfig(), {
        impersonated: { user: "eve", groups },
      });
      const client = createApiClient({ connection, clock: new ClusterClock(), userAgent: "test" });
      await client.get("/x");
      await connection.close();
      await scripted.stop();
      expect(server.requests[0]?.headers["impersonate-user"]).to.equal("eve");
      expect(server.requests[0]?.rawHeaders).to.include.members([...groups]);
    });
  }
});

describe("loadKubeConfig", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "kubeconfig-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  const fileWith = (token: string) => {
    const file = join(folder, "config");
    const cluster = (server: string) => ({ cluster: { server } });
    writeFileSync(
      file,
      JSON.stringify({
        clusters: [
          { name: "one", ...cluster("http://127.0.0.1:1/") },
          { name: "two", ...cluster("http://127.0.0.1:2/prefix/") },
        ],
        users: [{ name: "me", user: { token } }],
        contexts: [
          { name: "first", context: { cluster: "one", user: "me" } },
          { name: "second", context: { cluster: "two", user: "me" } },
        ],
        "current-context": "first",
      }),
    );
    return file;
  };

  it("takes the current context of the file, or the one that is asked for", () => {
    const file = fileWith("t");
    expect(createConnection(() => loadKubeConfig({ file })).baseUrl).to.equal("http://127.0.0.1:1");
    expect(createConnection(() => loadKubeConfig({ file, context: "second" })).baseUrl).to.equal(
      "http://127.0.0.1:2/prefix",
    );
  });

  it("names the contexts that there are when it is asked for another", () => {
    const file = fileWith("t");
    expect(() => loadKubeConfig({ file, context: "third" })).to.throw(
      'no context "third"; it has: first, second',
    );
  });

  it("is read anew for fresh credentials", async () => {
    const file = fileWith("old");
    const connection = createConnection(() => loadKubeConfig({ file }));
    expect(await connection.authorize()).to.deep.equal({ authorization: "Bearer old" });
    fileWith("new");
    connection.refresh();
    expect(await connection.authorize()).to.deep.equal({ authorization: "Bearer new" });
  });

  describe("from KUBECONFIG", () => {
    const former = process.env.KUBECONFIG;
    afterEach(() => {
      if (former === undefined) delete process.env.KUBECONFIG;
      else process.env.KUBECONFIG = former;
    });
    const write = (name: string, server: string, currentContext?: string) => {
      const file = join(folder, name);
      const contexts = [{ name: currentContext ?? "spare", context: { cluster: "one", user: "me" } }];
      const clusters = [{ name: "one", cluster: { server } }];
      const users = [{ name: "me", user: {} }];
      writeFileSync(file, JSON.stringify({ clusters, users, contexts, "current-context": currentContext }));
      return file;
    };

    it("leaves out files that do not exist, as kubectl does", () => {
      process.env.KUBECONFIG = ["/no/such/file", write("a", "http://127.0.0.1:1", "a"), "/nor/this"].join(
        ":",
      );
      expect(createConnection(() => loadKubeConfig()).baseUrl).to.equal("http://127.0.0.1:1");
    });

    it("takes what several files name from the first of them", () => {
      process.env.KUBECONFIG = [
        write("no-current", "http://127.0.0.1:1"),
        write("b", "http://127.0.0.1:2", "b"),
        write("c", "http://127.0.0.1:3", "c"),
      ].join(":");
      const config = loadKubeConfig();
      expect(config.getCurrentContext()).to.equal("b");
      expect(createConnection(() => loadKubeConfig()).baseUrl).to.equal("http://127.0.0.1:1");
      expect(config.getContexts().map(({ name }) => name)).to.deep.equal(["spare", "b", "c"]);
    });

    it("says that none of its files exists", () => {
      process.env.KUBECONFIG = "/no/a:/no/b";
      expect(() => loadKubeConfig()).to.throw("KUBECONFIG: no such file: /no/a, /no/b");
    });
  });
});
