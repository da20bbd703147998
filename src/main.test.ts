import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { INSTALL_CRDS } from "./release.ts";

const MAIN = join(import.meta.dirname, "main.ts");

describe("main", () => {
  let folder: string;
  let processes: ChildProcess[];
  let servers: Server[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "rolloutguard-"));
    processes = [];
    servers = [];
  });

  afterEach(async () => {
    for (const one of processes) one.kill("SIGKILL");
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
    await rm(folder, { recursive: true });
  });

  /** Starts the operator; `seen` resolves when its output contains the text. */
  function start(...flags: readonly string[]) {
    const child = spawn(process.execPath, [MAIN, "--metrics-address", "127.0.0.1:0", ...flags], {
      env: { PATH: process.env["PATH"] },
    });
    processes.push(child);
    let output = "";
    const waiting = new Set<() => void>();
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data: Buffer) => {
        output += data.toString();
        for (const check of waiting) check();
      });
    }
    const ended = once(child, "close").then(([code]) => ({ code, output }));
    const seen = (text: string) =>
      new Promise<void>((resolve) => {
        const check = () => {
          if (!output.includes(text)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      });
    return { child, ended, seen };
  }

  async function kubeconfig(server: string): Promise<string> {
    const file = join(folder, "kubeconfig");
    await writeFile(
      file,
      JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name: "test", cluster: { server } }],
        users: [{ name: "test", user: {} }],
        contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
        "current-context": "test",
      }),
    );
    return file;
  }

  /** A server that answers every request so; undefined: it never answers. */
  async function apiServer(status: number | undefined): Promise<string> {
    const server = createServer((_request, response) => {
      if (status) response.writeHead(status, { "content-type": "application/json" }).end("{}");
    });
    servers.push(server);
    await once(server.listen(0, "127.0.0.1"), "listening");
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it("says what is wrong with a setting and ends with 1", async () => {
    const { code, output } = await start("--workers", "none").ended;
    expect(code).to.equal(1);
    expect(output).to.contain("--workers").and.contain("from 1 to 64");
  });

  it("prints its help and ends well", async () => {
    const { code, output } = await start("--help").ended;
    expect(code).to.equal(0);
    expect(output).to.contain("--observe-only");
  });

  it("says how to install missing CRDs and ends with 1", async () => {
    const { code, output } = await start("--kubeconfig", await kubeconfig(await apiServer(404))).ended;
    expect(code).to.equal(1);
    expect(output).to.contain(INSTALL_CRDS);
  });

  it("waits for an API server that cannot be reached, and ends well at SIGTERM", async () => {
    const { child, ended, seen } = start("--kubeconfig", await kubeconfig(await apiServer(503)));
    await seen("retrying in");
    child.kill("SIGTERM");
    const { code, output } = await ended;
    expect(code).to.equal(0);
    expect(output).to.contain("received SIGTERM; shutting down").and.contain('"stopped"');
  });

  it("ends well at SIGTERM although a request is never answered", async () => {
    const { child, ended, seen } = start("--kubeconfig", await kubeconfig(await apiServer(undefined)));
    await seen("starting RolloutGuard");
    child.kill("SIGTERM");
    expect((await ended).code).to.equal(0);
  });
});
