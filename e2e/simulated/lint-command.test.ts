// `kubectl rolloutguard lint` against a cluster.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SimulatedCluster, startSimulatedCluster } from "@rolloutguard/simulated-cluster";
import { exampleDeployment, exampleService } from "@rolloutguard/simulated-cluster/example-manifests";
import { expect } from "chai";
import { CRD_FOLDER } from "../../hack/crd-folder.ts";
import { runCommand } from "../../src/cli/testing/run-command.ts";

const VALUE = "s3cret-value";

describe("kubectl rolloutguard lint of a namespace", () => {
  let cluster: SimulatedCluster;
  let folder: string;
  const lint = (...args: readonly string[]) =>
    runCommand(["lint", "--kubeconfig", join(folder, "kubeconfig"), ...args]);

  before(async () => {
    cluster = await startSimulatedCluster({ timeScale: 50, crdFolder: CRD_FOLDER });
    folder = await mkdtemp(join(tmpdir(), "lint-"));
    await writeFile(join(folder, "kubeconfig"), cluster.kubeconfig());
    const fromSecret = (name: string, key: string) => ({
      name: key.toUpperCase(),
      valueFrom: { secretKeyRef: { name, key } },
    });
    const env = [fromSecret("db", "password"), fromSecret("db", "user"), fromSecret("gone", "token")];
    for (const object of [
      { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } },
      {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "db", namespace: "shop" },
        data: { user: btoa(VALUE) },
      },
      exampleDeployment({ container: { env } as never }),
      exampleDeployment({ name: "other", image: "other:latest" }),
      exampleService({ selector: { app: "web", tier: "backend" } }),
      exampleService({ name: "other", selector: { app: "other" }, targetPort: "nowhere" }),
    ]) {
      cluster.store.apply(object as never);
    }
  });

  after(async () => {
    await cluster.stop();
    await rm(folder, { recursive: true });
  });

  afterEach(() => cluster.faults.clear());

  it("finds what is wrong between Deployments, Services and Secrets, without a value", async () => {
    const { exitCode, out, err } = await lint("-n", "shop", "-o", "json");
    const { findings } = JSON.parse(out) as {
      findings: { rule: string; severity: string; message: string }[];
    };
    const errors = findings.filter(({ severity }) => severity === "error");
    expect(errors.map(({ rule }) => rule)).to.have.members([
      "service-selector",
      "service-target-port",
      "missing-key",
      "missing-configuration",
    ]);
    expect(errors.map(({ message }) => message).join())
      .to.match(/key password of Secret db/)
      .and.to.match(/Secret gone/);
    expect([exitCode, err]).to.deep.equal([1, ""]);
    expect(out).to.not.include(VALUE).and.to.not.include(btoa(VALUE));
  });

  it("tells of one Deployment only what concerns it, for people without line numbers", async () => {
    const { exitCode, out } = await lint("other", "-n", "shop");
    expect(exitCode).to.equal(1);
    expect(out).to.include("namespace shop").and.to.include("Service/other").and.to.include("image-tag");
    expect(out).to.not.include("tier=backend").and.to.not.include("Secret");
  });

  it("leaves Secrets out when it may not read them, and says so", async () => {
    cluster.faults.add({ on: { resource: "secrets" }, does: { answer: { code: 403 } } });
    const { out } = await lint("web", "-n", "shop");
    expect(out).to.include("secrets are left out: you have no permission to read them");
    expect(out)
      .to.include("service-selector")
      .and.to.not.include("missing-key")
      .and.to.not.include("missing-configuration");
  });

  it("cannot tell anything without Deployments, and says why", async () => {
    cluster.faults.add({ on: { resource: "deployments" }, does: { answer: { code: 403 } } });
    const { exitCode, out, err } = await lint("-n", "shop");
    expect([exitCode, out]).to.deep.equal([3, ""]);
    expect(err).to.include("cannot read from http").and.to.include("403");
  });

  it("says that there is no such Deployment", async () => {
    const { exitCode, err } = await lint("wbe", "-n", "shop");
    expect([exitCode, err]).to.deep.equal([
      6,
      "error: there is no Deployment wbe in namespace shop; did you mean web?\n",
    ]);
  });

  it("says that a namespace has nothing to lint", async () => {
    cluster.store.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "empty" } } as never);
    const { exitCode, err } = await lint("-n", "empty");
    expect(exitCode).to.equal(3);
    expect(err).to.include("nothing to lint in namespace empty");
  });

  it("says that there is no such namespace", async () => {
    for (const args of [[], ["web"]]) {
      const { exitCode, err } = await lint(...args, "-n", "elsewhere");
      expect([exitCode, err]).to.deep.equal([6, "error: there is no namespace elsewhere\n"]);
    }
  });

  it("offers namespaces, contexts and Deployments to shells", async () => {
    const flags = ["--kubeconfig", join(folder, "kubeconfig")];
    const offered = async (...words: readonly string[]) =>
      (await runCommand(["__complete", "lint", ...flags, ...words])).out.trimEnd().split("\n");
    expect(await offered("-n", "sh")).to.deep.equal(["shop", ":4"]);
    expect(await offered("-n", "shop", "")).to.deep.equal(["other", "web", ":4"]);
    expect(await offered("--context", "")).to.have.length.above(1);
  });
});
