import { expect } from "chai";
import { metaOf } from "../../objects.ts";
import { type ScriptedClient, startScriptedClient } from "../../testing/scripted-client.ts";
import { type Script, statusBody } from "../../testing/scripted-server.ts";
import { readDeployment } from "./read-deployment.ts";

const deployment = {
  metadata: { name: "checkout", namespace: "shop", uid: "uid-1" },
  spec: {
    selector: {
      matchLabels: { app: "checkout", tier: "web" },
      matchExpressions: [{ key: "zone", operator: "In", values: ["a", "b"] }],
    },
  },
};
const replicaSet = (name: string, owner: string, isController = true) => ({
  metadata: {
    name,
    ownerReferences: [{ kind: "Deployment", name: "checkout", uid: owner, controller: isController }],
  },
});

describe("readDeployment", () => {
  let scripted: ScriptedClient;
  afterEach(() => scripted.stop());
  const begin = async (script: Script) => {
    scripted = await startScriptedClient(script);
    return scripted.client;
  };

  it("reads the Deployment and the ReplicaSets that it controls, in two requests", async () => {
    const client = await begin((request, answer) =>
      answer.json(
        200,
        request.path.endsWith("/replicasets")
          ? {
              items: [
                replicaSet("good", "uid-1"),
                replicaSet("other", "uid-2"),
                replicaSet("orphan", "uid-1", false),
              ],
            }
          : deployment,
      ),
    );
    const live = await readDeployment(client, "shop", "checkout");
    expect(live.workload).to.deep.equal(deployment);
    expect(live.sources.map((item) => metaOf(item).name)).to.deep.equal(["good"]);
    expect(
      scripted.server.requests.map(({ path, query }) => `${path} ${query.get("labelSelector")}`),
    ).to.deep.equal([
      "/apis/apps/v1/namespaces/shop/deployments/checkout null",
      "/apis/apps/v1/namespaces/shop/replicasets app=checkout,tier=web,zone in (a,b)",
    ]);
  });

  it("says as a conflict that the Deployment is gone", async () => {
    const client = await begin((_, answer) => answer.json(404, statusBody(404, "NotFound", "gone")));
    expect(await readDeployment(client, "shop", "checkout").catch(String)).to.equal(
      "ConflictError: Deployment shop/checkout no longer exists",
    );
  });
});
