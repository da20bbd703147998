// What `lint` says the API server refuses, the simulated one refuses too.
import { type SimulatedCluster, startSimulatedCluster } from "@rolloutguard/simulated-cluster";
import { exampleDeployment, exampleService } from "@rolloutguard/simulated-cluster/example-manifests";
import { expect } from "chai";
import { kubernetesRules } from "../../hack/kubernetes-rules.ts";

const DEPLOYMENTS = "/apis/apps/v1/namespaces/shop/deployments";
const SERVICES = "/api/v1/namespaces/shop/services";
const TWO_HANDLERS = { httpGet: { path: "/", port: 8080 }, tcpSocket: { port: 8080 } };

describe("the simulated API server with the rules of lint", () => {
  let cluster: SimulatedCluster;

  before(async () => {
    cluster = await startSimulatedCluster({ hasControllers: false, furtherRules: kubernetesRules });
    cluster.store.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
  });

  after(() => cluster.stop());

  async function send(method: string, path: string, object: object) {
    const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const response = await fetch(`${cluster.url}${path}`, {
      method,
      headers: { "Content-Type": type },
      body: JSON.stringify(object),
    });
    const { message = "" } = (await response.json()) as { readonly message?: string };
    return { code: response.status, message };
  }

  const container = (part: object) => exampleDeployment({ container: part as never });
  const pod = (part: object) => exampleDeployment({ pod: part as never });
  const service = (part: object) => {
    const { spec, ...rest } = exampleService();
    return { ...rest, spec: { ...spec, ...part } };
  };

  it("refuses what a real one refuses, in its words", async () => {
    const refused: readonly (readonly [path: string, object: object, says: string])[] = [
      [DEPLOYMENTS, container({ readinessProbe: TWO_HANDLERS }), "may not specify more than 1 handler type"],
      [
        DEPLOYMENTS,
        container({ ports: [{ name: "http-public-endpoint", containerPort: 8080 }] }),
        "ports[0].name: Invalid value",
      ],
      [
        DEPLOYMENTS,
        exampleDeployment({
          spec: { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } } as never,
        }),
        "may not be 0 when `maxSurge` is 0",
      ],
      [
        DEPLOYMENTS,
        pod({ tolerations: [{ key: "gpu", operator: "Equals" }] }),
        'tolerations[0].operator: Unsupported value: "Equals"',
      ],
      [
        DEPLOYMENTS,
        container({ env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "status.podIp" } } }] }),
        "field label not supported: status.podIp",
      ],
      [
        SERVICES,
        service({ ports: [{ name: "http", port: 80, nodePort: 30_080 }] }),
        "may not be used when `type` is 'ClusterIP'",
      ],
    ];
    for (const [path, object, says] of refused) {
      const { code, message } = await send("POST", path, object);
      expect(code, says).to.equal(422);
      expect(message).to.include(says);
    }
  });

  it("says each fault once, in its own words where it has a rule of its own", async () => {
    const { message } = await send("POST", DEPLOYMENTS, container({ image: "" }));
    expect(message).to.match(/^Deployment\.apps "web" is invalid: \S+image: Required value$/);
  });

  it("accepts what is right, and changes of what was stored with a fault", async () => {
    expect(await send("POST", SERVICES, exampleService())).to.include({ code: 201 });
    cluster.store.apply(container({ readinessProbe: TWO_HANDLERS }) as never);
    expect(await send("PATCH", `${DEPLOYMENTS}/web`, { spec: { replicas: 5 } })).to.include({ code: 200 });
    const worse = { spec: { template: { spec: { dnsPolicy: "cluster" } } } };
    const { code, message } = await send("PATCH", `${DEPLOYMENTS}/web`, worse);
    expect(code).to.equal(422);
    expect(message).to.include("dnsPolicy").and.to.not.include("handler");
  });
});
