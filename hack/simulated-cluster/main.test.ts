import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));
const CRDS = fileURLToPath(new URL("api-server/custom-resources/fixtures", import.meta.url));

describe("the command", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "simulate-"));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("writes a kubeconfig, says how to use it, and ends by itself on SIGTERM", async () => {
    const kubeconfig = join(folder, "config");
    const child = spawn(process.execPath, [MAIN, "--port", "0", "--kubeconfig", kubeconfig]);
    const [output] = (await once(child.stdout, "data")) as [Buffer];
    expect(output.toString()).to.match(/listens on http:\/\/127\.0\.0\.1:\d+/);
    expect(readFileSync(kubeconfig, "utf8")).to.match(/server: http:\/\/127\.0\.0\.1:\d+/);
    child.kill("SIGTERM");
    expect((await once(child, "exit"))[0]).to.equal(0);
  });

  it("serves HTTPS with --tls", async () => {
    const kubeconfig = join(folder, "config");
    const child = spawn(process.execPath, [MAIN, "--port", "0", "--kubeconfig", kubeconfig, "--tls"]);
    const [output] = (await once(child.stdout, "data")) as [Buffer];
    expect(output.toString()).to.match(/listens on https:\/\/127\.0\.0\.1:\d+/);
    // Without a token kubectl would ask for a password.
    expect(readFileSync(kubeconfig, "utf8")).to.match(/certificate-authority-data: .*token: /s);
    child.kill("SIGTERM");
    expect((await once(child, "exit"))[0]).to.equal(0);
  });

  it("has the CustomResourceDefinitions of --crds from the start", async () => {
    const kubeconfig = join(folder, "config");
    const child = spawn(process.execPath, [MAIN, "--port", "0", "--kubeconfig", kubeconfig, "--crds", CRDS]);
    const [output] = (await once(child.stdout, "data")) as [Buffer];
    const [url = ""] = /http:[^ ]*\d/.exec(output.toString()) ?? [];
    const answer = await fetch(`${url}/apis/example.io/v1/widgets`);
    expect(answer.status).to.equal(200);
    child.kill("SIGTERM");
    expect((await once(child, "exit"))[0]).to.equal(0);
  });

  it("refuses a wrong option with the usage", async () => {
    const child = spawn(process.execPath, [MAIN, "--time-scale", "0"]);
    const [output] = (await once(child.stderr, "data")) as [Buffer];
    expect(output.toString()).to.contain("--time-scale must be greater than 0");
    expect((await once(child, "exit"))[0]).to.equal(1);
  });
});
