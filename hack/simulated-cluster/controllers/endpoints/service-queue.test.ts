import { expect } from "chai";
import { exampleDeployment, exampleService } from "../../example-manifests.ts";
import { createRandom } from "../../random.ts";
import { startSimulatedCluster } from "../../simulated-cluster.ts";
import { waitUntil } from "../../wait-until.ts";
import { createServicePods } from "./service-pods.ts";
import { watchServices } from "./service-queue.ts";

describe("watchServices", () => {
  it("knows the pods of a Service that were there before it", async () => {
    const cluster = await startSimulatedCluster({ hasControllers: false, timeScale: 100 });
    try {
      const { store: objects, time } = cluster;
      const { spec, metadata } = exampleDeployment().spec.template;
      const pod = (name: string) => ({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { ...metadata, name, namespace: "shop" },
        spec,
      });
      objects.apply(exampleService());
      objects.apply(pod("first"));
      const handled: string[][] = [];
      watchServices(
        { objects, time, random: createRandom(1) },
        createServicePods(objects),
        (_service, pods) => handled.push(pods.map(({ metadata: { name } }) => name)),
        () => {},
      );
      objects.apply(pod("second"));
      await waitUntil(cluster, "the Service is handled", () => handled.length > 0);
      expect(handled).to.deep.equal([["first", "second"]]);
    } finally {
      await cluster.stop();
    }
  });
});
