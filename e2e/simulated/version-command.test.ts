// `kubectl rolloutguard version` against a cluster that has an operator, none, or does not answer.
import { expect } from "chai";
import { runCommand } from "../../src/cli/testing/run-command.ts";
import { VERSION } from "../../src/version.ts";
import { startWorld, type World } from "../testing/world.ts";

describe("kubectl rolloutguard version", () => {
  let world: World;
  before(async () => {
    world = await startWorld();
  });
  after(() => world.stop());
  afterEach(() => world.cluster.faults.clear());

  const operator = (image: string) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { namespace: "rolloutguard-system", name: "rolloutguard" },
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: "rolloutguard" } },
      template: {
        metadata: { labels: { app: "rolloutguard" } },
        spec: { containers: [{ name: "operator", image }] },
      },
    },
  });

  it("says that there is no operator where none is installed", async () => {
    const { exitCode, out } = await world.command("any", ["version"]);
    expect(exitCode).to.equal(0);
    expect(out).to.equal(
      `Client Version: ${VERSION}\nOperator Version: unknown: there is no Deployment rolloutguard in rolloutguard-system\nCRD Version: rolloutguard.io/v1alpha1\n`,
    );
  });

  it("prints the versions of client, operator and CRDs, as text and as data", async () => {
    world.cluster.store.apply(operator("registry:5000/rolloutguard:0.3.0") as never);
    const { out } = await world.command("any", ["version"]);
    expect(out).to.include("Operator Version: 0.3.0\n");
    const data = JSON.parse((await world.command("any", ["version", "-o", "json"])).out) as object;
    expect(data).to.deep.equal({
      client: VERSION,
      operator: "0.3.0",
      customResources: "rolloutguard.io/v1alpha1",
    });
  });

  it("prints what may be read", async () => {
    world.cluster.faults.add({ on: { resource: "deployments" }, does: { answer: { code: 403 } } });
    const { exitCode, out } = await world.command("any", ["version"]);
    expect(exitCode).to.equal(0);
    expect(out).to.include("Operator Version: unknown: you have no permission to read it\n");
  });

  it("prints the version of the client before it says that the cluster cannot be reached", async () => {
    const { exitCode, out, err } = await runCommand(["version", "--kubeconfig", "/no/such/file"]);
    expect([exitCode, out]).to.deep.equal([3, `Client Version: ${VERSION}\n`]);
    expect(err).to.include("/no/such/file");
    expect((await runCommand(["version", "--client"])).out).to.equal(`Client Version: ${VERSION}\n`);
  });
});
