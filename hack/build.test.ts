import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { buildCommandLine } from "./build.ts";

const run = promisify(execFile);

describe("the bundle of the command line", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "bundle-"));
    const file = await buildCommandLine(folder);
    await symlink(file, join(folder, "kubectl-rolloutguard"));
    await symlink(file, join(folder, "kubectl_complete-rolloutguard"));
  });

  after(() => rm(folder, { recursive: true }));

  it("runs by the name that kubectl looks for", async () => {
    const { stdout } = await run(join(folder, "kubectl-rolloutguard"), ["lint", "--help"]);
    expect(stdout).to.include("Usage: kubectl rolloutguard lint");
  });

  it("has the client of the cluster in it", async () => {
    const failed = await run(join(folder, "kubectl-rolloutguard"), [
      "lint",
      "--kubeconfig",
      "/no/such/file",
    ]).then(
      () => undefined,
      (error: { readonly code: number; readonly stderr: string }) => error,
    );
    expect(failed?.code).to.equal(3);
    expect(failed?.stderr).to.match(/^error: .*\/no\/such\/file/);
  });

  it("completes by the name that kubectl asks", async () => {
    const { stdout } = await run(join(folder, "kubectl_complete-rolloutguard"), ["lint", "--output", ""]);
    expect(stdout).to.equal("wide\njson\nyaml\nsarif\n:4\n");
  });
});
