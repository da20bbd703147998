import { expect } from "chai";
import { exampleDeployment, exampleService } from "../../example-manifests.ts";
import { startSimulatedCluster } from "../../simulated-cluster.ts";
import { createServicePods } from "./service-pods.ts";

describe("createServicePods", () => {
  it("knows the Services and pods that were there before it, and does not take them for news", async () => {
    const cluster = await startSimulatedCluster({ hasControllers: false });
    try {
      const { spec, metadata } = exampleDeployment().spec.template;
      const pod = (name: string) => ({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { ...metadata, name, namespace: "shop" },
        spec,
      });
      cluster.store.apply(exampleService());
      cluster.store.apply(pod("first"));
      const servicePods = createServicePods(cluster.parts.objects);
      const changed: string[] = [];
      servicePods.onChange((key) => changed.push(key));
      expect(changed).to.deep.equal([]);
      cluster.store.apply(pod("second"));
      expect(changed).to.deep.equal(["shop/web"]);
      expect(servicePods.podsOf("shop/web").map(({ metadata: { name } }) => name)).to.deep.equal([
        "first",
        "second",
      ]);
    } finally {
      await cluster.stop();
    }
  });
});
