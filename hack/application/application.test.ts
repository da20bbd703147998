// The program behaves in this machine's processes as the simulated kubelet plays it, for a table of environments.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { request as requestTls } from "node:https";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { applicationOf, isIll, terminationOf } from "../simulated-cluster/kubelet/application.ts";
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
];

/** Environments in which it runs until it is told to end. */
const LIVES: readonly Environment[] = [
  {},
  { HEALTH: "503" },
  { FAIL_AFTER: "0s" },
  { FAIL_AFTER: "1h" },
  { FAIL_AFTER: "0s", FAIL_FOR: "1ms" },
  { HEALTH_DELAY: "300ms" },
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
    return { child, ended };
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
      expect(answer.status).to.equal(isIll(played, LATER_MS) ? 500 : played.healthStatus);
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

  it("says which variables only the simulation can play, and what it cannot read", async () => {
    for (const [env, words] of [
      [{ CRASH_TIMES: "2" }, "CRASH_TIMES works on the simulated cluster only"],
      [{ COMMAND_MISSING: "1" }, "name a command"],
      [{ START_DELAY: "soon" }, 'START_DELAY must be a duration such as "20s", not "soon"'],
      [{ HEALTH: "7" }, "HEALTH must be an HTTP status"],
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
