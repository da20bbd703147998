// The program behaves in this machine's processes as the simulated kubelet plays it, for a table of environments.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { request as requestTls } from "node:https";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SimulatedCluster, startSimulatedCluster } from "@rolloutguard/simulated-cluster";
import {
  applicationOf,
  isUnhealthyAt,
  metricsOf,
  terminationOf,
} from "@rolloutguard/simulated-cluster/applications";
import { exampleDeployment, exampleService } from "@rolloutguard/simulated-cluster/example-manifests";
import { expect } from "chai";
import { buildApplication } from "./build-application.ts";

type Environment = Readonly<Record<string, string>>;

/** Environments that end it by themselves. */
const ENDINGS: readonly Environment[] = [
  { CRASH: "1" },
  { CRASH: "1", CRASH_AFTER: "250ms", EXIT_CODE: "7", EXIT_MESSAGE: "no more" },
  { CRASH: "false", EXIT_AFTER: "0.1" },
  { REQUIRED_ENV: "HOME_TOWN, DATABASE_URL", HOME_TOWN: "Kiel" },
  { REQUIRED_ENV: "DATABASE_URL", CRASH_AFTER: "50ms", EXIT_CODE: "3", EXIT_MESSAGE: "where is it?" },
  { EXIT_AFTER: "200ms", FAIL_AFTER: "1s" },
  { ENV_PATTERN: "MODE=primary|replica", MODE: "primary2" },
  { ENV_PATTERN: "MODE=primary|replica", CRASH_AFTER: "50ms", EXIT_CODE: "3", EXIT_MESSAGE: "which mode?" },
];

/** Environments in which it runs until it is told to end. */
const LIVES: readonly Environment[] = [
  {},
  { HEALTH: "503" },
  { FAIL_AFTER: "0s" },
  { FAIL_AFTER: "1h" },
  { FAIL_AFTER: "0s", FAIL_FOR: "1ms" },
  { HEALTH_DELAY: "300ms" },
  { FAIL_AFTER: "0s", FAIL_FOR: "1ms", FAIL_EVERY: "1h" },
  { FAIL_AFTER: "0s", FAIL_FOR: "1h", FAIL_EVERY: "1h" },
  { ENV_PATTERN: "MODE=primary|replica", MODE: "replica" },
  { START_DELAY: "400ms" },
  { REQUIRED_ENV: "DATABASE_URL", DATABASE_URL: "postgres://db" },
  { TLS: "1" },
  { TERM_EXIT_CODE: "0" },
  { IGNORE_TERM: "1" },
];

/** When a look at the program is certainly after what the environment plans for its first second. */
const LATER_MS = 10_000;

describe("the application of the scenarios", () => {
  let folder: string;
  let program: string;
  const children = new Set<ChildProcess>();

  before(async function () {
    if (!isGoThere()) {
      console.warn("      not run: this test builds a Go program, and there is no `go` on the PATH");
      this.skip();
    }
    folder = await mkdtemp(join(tmpdir(), "rolloutguard-application-"));
    program = join(folder, "application");
    await buildApplication(program);
  });
  afterEach(() => {
    for (const child of children) child.kill("SIGKILL");
    children.clear();
  });
  after(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  function start(env: Environment) {
    const startedAt = performance.now();
    const child = spawn(program, { env });
    children.add(child);
    let words = "";
    child.stderr.on("data", (data: Buffer) => {
      words += data.toString();
    });
    const ended = once(child, "close").then(([code, signal]) => ({
      // As a container runtime tells it.
      exitCode: signal === null ? (code as number) : 128 + 9,
      afterMs: performance.now() - startedAt,
      words: words.trim(),
    }));
    return { child, ended, words: () => words };
  }

  for (const env of ENDINGS) {
    it(`ends as planned: ${tell(env)}`, async () => {
      const planned = applicationOf(env, { starts: 0, isInit: false }).plannedExit;
      const { exitCode, words, afterMs } = await start({ ...env, PORT: String(await freePort()) }).ended;
      expect(exitCode).to.equal(planned?.exitCode);
      expect(words).to.equal(planned?.message ?? "");
      expect(afterMs, "not before its time").to.be.at.least(planned?.afterMs ?? 0);
    });
  }

  for (const env of LIVES) {
    it(`answers and ends when it is told to: ${tell(env)}`, async () => {
      const port = await freePort();
      const { child, ended } = start({ ...env, PORT: String(port) });
      const played = applicationOf({ ...env, PORT: String(port) }, { starts: 0, isInit: false });
      const beganAt = performance.now();
      const answer = await answerOf(port, played.isTls);
      expect(answer.status).to.equal(isUnhealthyAt(played, LATER_MS) ? 500 : played.healthStatus);
      expect(answer.tookMs, "no quicker than planned").to.be.at.least(played.answerMs - 1);
      const listenedAfterMs = performance.now() - beganAt;
      expect(listenedAfterMs, "it listens no earlier than planned").to.be.at.least(played.listensAfterMs - 1);
      child.kill("SIGTERM");
      if (played.ignoresTerm) {
        expect((await answerOf(port, played.isTls)).status).to.equal(played.healthStatus);
        child.kill("SIGKILL");
      }
      expect((await ended).exitCode).to.equal(terminationOf(played).exitCode);
    });
  }

  it("crashes at as many starts as CRASH_TIMES says, counted in STARTS_FILE", async () => {
    const env = { CRASH: "1", CRASH_TIMES: "2", STARTS_FILE: join(folder, "starts"), EXIT_AFTER: "100ms" };
    const codes: number[] = [];
    for (let starts = 0; starts < 4; starts += 1) {
      const port = String(await freePort());
      codes.push((await start({ ...env, PORT: port }).ended).exitCode);
      const played = applicationOf(env, { starts, isInit: false }).plannedExit;
      expect(codes.at(-1), `start ${starts}`).to.equal(played?.exitCode);
    }
    expect(codes).to.deep.equal([1, 1, 0, 0]);
  });

  describe("for its callers", () => {
    const serving = async (env: Environment) => {
      const port = await freePort();
      start({ ...env, PORT: String(port) });
      await answerOf(port, false);
      return async (path: string) => {
        const response = await fetch(`http://127.0.0.1:${port}${path}`);
        return { status: response.status, text: await response.text() };
      };
    };

    it("fails as often as ERROR_RATE says, and its probes do not", async () => {
      const ask = await serving({ ERROR_RATE: "1" });
      expect((await ask("/orders")).status).to.equal(500);
      for (const path of ["/healthz", "/readyz", "/livez"])
        expect((await ask(path)).status, path).to.equal(200);
      const healthy = await serving({ ERROR_RATE: "1", ERROR_FOR: "0s" });
      expect((await healthy("/orders")).status).to.equal(200);
    });

    it("answers what BODY says, and its probes as always", async () => {
      const ask = await serving({ BODY: "hello" });
      expect(await ask("/orders")).to.deep.equal({ status: 200, text: "hello" });
      expect((await ask("/healthz")).text).to.equal("OK\n");
    });

    it("serves the metrics that the simulated application serves", async () => {
      const ask = await serving({ LATENCY: "60ms-70ms" });
      await ask("/orders");
      const names = (text: string) => text.match(/^[^#\s]+/gm);
      const { users } = applicationOf({ TRAFFIC: "1" }, { starts: 0, isInit: false });
      const { text } = await ask("/metrics");
      expect(names(text)).to.deep.equal(names(metricsOf(users, 1_000, 200)));
      expect(text).to.contain('http_request_duration_seconds_bucket{le="0.05"} 0\n');
    });

    it("counts what its callers see, and no probe", async () => {
      const ask = await serving({ LATENCY: "60ms" });
      const count = async () =>
        Number(/http_requests_total\{code="200"\} (\d+)/.exec((await ask("/metrics")).text)?.[1] ?? 0);
      const before = await count();
      await ask("/orders");
      await ask("/healthz");
      expect((await count()) - before).to.equal(1);
      const { text } = await ask("/metrics");
      expect(text).to.contain('http_request_duration_seconds_bucket{le="0.05"} 0\n');
      expect(text).to.contain(`http_request_duration_seconds_bucket{le="+Inf"} ${before + 1}\n`);
    });
  });

  describe("with an API server", () => {
    let cluster: SimulatedCluster;
    let inCluster: Environment;

    before(async () => {
      cluster = await startSimulatedCluster({ tls: true });
      const credentials = await mkdtemp(join(folder, "credentials-"));
      await writeFile(join(credentials, "namespace"), "shop");
      await writeFile(join(credentials, "token"), "everybody-may-do-everything");
      await writeFile(join(credentials, "ca.crt"), cluster.certificateAuthority ?? "");
      const { hostname, port } = new URL(cluster.url);
      inCluster = {
        SERVICE_ACCOUNT_FOLDER: credentials,
        KUBERNETES_SERVICE_HOST: hostname,
        KUBERNETES_SERVICE_PORT: port,
      };
    });
    after(() => cluster.stop());

    const give = (kind: string, name: string) =>
      cluster.store.apply({ apiVersion: "v1", kind, metadata: { name, namespace: "shop" } });

    it("crashes while something that it needs does not exist", async () => {
      give("ConfigMap", "there");
      const needs = "time/2020-01-01T00:00:00Z,configmap/there,secret/late";
      const env = { ...inCluster, NEEDS: needs, PORT: String(await freePort()) };
      const end = await start(env).ended;
      expect(end).to.include({ exitCode: 1, words: "secret/late does not exist" });
      give("Secret", "late");
      const { child, ended } = start(env);
      expect((await answerOf(Number(env.PORT), false)).status).to.equal(200);
      child.kill("SIGTERM");
      await ended;
    });

    it("waits for a Service, and listens when that has a ready endpoint", async () => {
      const port = await freePort();
      const { words } = start({ ...inCluster, WAITS_FOR: "service/db", PORT: String(port) });
      cluster.store.apply(exampleService({ name: "db" }));
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(words(), "while there is no endpoint").to.equal("");
      cluster.store.apply(exampleDeployment({ name: "db" }));
      expect((await answerOf(port, false)).status).to.equal(200);
    });

    it("is well only while it holds its Lease", async () => {
      const env = { ...inCluster, LEASE: "app" };
      const ports = [await freePort(), await freePort()];
      const statuses = () => Promise.all(ports.map(async (port) => (await answerOf(port, false)).status));
      for (const port of ports) start({ ...env, PORT: String(port) });
      while (!(await statuses()).includes(200)) await new Promise((resolve) => setTimeout(resolve, 100));
      expect(await statuses()).to.have.members([200, 503]);
    });
  });

  it("says which variables only the simulation can play, and what it cannot read", async () => {
    for (const [env, words] of [
      [{ CRASH: "1", CRASH_TIMES: "2" }, "CRASH_TIMES needs STARTS_FILE, a file on a volume of the pod"],
      [{ GRPC: "SERVING" }, "GRPC works on the simulated cluster only"],
      [{ NEEDS: "secret/db" }, "NEEDS: the API server cannot be reached"],
      [{ COMMAND_MISSING: "1" }, "name a command"],
      [{ START_DELAY: "soon" }, 'START_DELAY must be a duration such as "20s", not "soon"'],
      [{ HEALTH: "7" }, "HEALTH must be an HTTP status"],
      [{ LATENCY: "8s-3s" }, 'LATENCY must be a duration or a range such as "3s-8s", not "8s-3s"'],
      [{ TRAFFIC: "50" }, "TRAFFIC works on the simulated cluster only"],
      [{ ERROR_RATE: "20%" }, 'ERROR_RATE must be a number from 0 to 1, not "20%"'],
    ] as const) {
      const end = await start(env).ended;
      expect(end.exitCode).to.equal(64);
      expect(end.words).to.contain(words);
    }
  });
});

function tell(env: Environment): string {
  return (
    Object.entries(env)
      .map(([name, value]) => `${name}=${value}`)
      .join(" ") || "nothing set"
  );
}

function isGoThere(): boolean {
  try {
    execFileSync("go", ["version"]);
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The first answer; until it listens, the connection is refused and asked for again. */
async function answerOf(port: number, isTls: boolean): Promise<{ status: number; tookMs: number }> {
  for (;;) {
    const beganAt = performance.now();
    try {
      const options = { host: "127.0.0.1", port, path: "/healthz", rejectUnauthorized: false, agent: false };
      const asking = isTls ? requestTls(options) : request(options);
      const [answer] = await once(asking.end(), "response");
      answer.resume();
      return { status: answer.statusCode as number, tookMs: performance.now() - beganAt };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ECONNREFUSED") throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
