import { expect } from "chai";
import type { PodSpec } from "../api-server/kinds.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../simulated-cluster.ts";
import { violationsOf } from "./pod-security-levels.ts";

const container = (name: string, securityContext?: object) => ({
  name,
  image: "web:1",
  ...(securityContext && { securityContext }),
});

describe("Pod Security", () => {
  const SAFE = {
    allowPrivilegeEscalation: false,
    runAsNonRoot: true,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
  };

  const rows: readonly (readonly [string, "baseline" | "restricted", PodSpec, readonly string[]])[] = [
    ["says nothing at baseline of an ordinary pod", "baseline", { containers: [container("app")] }, []],
    [
      "names at baseline what gives power over the node",
      "baseline",
      {
        hostNetwork: true,
        hostPID: true,
        volumes: [{ name: "logs", hostPath: { path: "/var/log" } } as { name: string }],
        containers: [container("app", { privileged: true })],
      },
      [
        "host namespaces (hostNetwork=true, hostPID=true)",
        'hostPath volumes (volume "logs")',
        'privileged (container "app" must not set securityContext.privileged=true)',
      ],
    ],
    [
      "names at restricted all that an ordinary pod does not set",
      "restricted",
      { containers: [container("app")] },
      [
        'allowPrivilegeEscalation != false (container "app" must set securityContext.allowPrivilegeEscalation=false)',
        'unrestricted capabilities (container "app" must set securityContext.capabilities.drop=["ALL"])',
        'runAsNonRoot != true (pod or container "app" must set securityContext.runAsNonRoot=true)',
        'seccompProfile (pod or container "app" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
      ],
    ],
    [
      "takes from the pod what its containers do not say, and names those that say otherwise",
      "restricted",
      {
        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
        containers: [container("a", SAFE), container("b", { ...SAFE, runAsNonRoot: false })],
        initContainers: [container("c", { ...SAFE, runAsNonRoot: false })],
      },
      ['runAsNonRoot != true (pod or containers "c", "b" must set securityContext.runAsNonRoot=true)'],
    ],
  ];
  for (const [what, level, spec, expected] of rows) {
    it(what, () => expect(violationsOf(spec, level)).to.deep.equal(expected));
  }

  describe("in a namespace", () => {
    let cluster: SimulatedCluster;

    beforeEach(async () => {
      cluster = await startSimulatedCluster({ timeScale: 100, hasControllers: false });
    });

    afterEach(() => cluster.stop());

    function createPod(labels: Record<string, string>): void {
      cluster.store.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop", labels } });
      cluster.store.create("pods", "shop", {
        metadata: { name: "a" },
        spec: { hostNetwork: true, containers: [container("app")] },
      });
    }

    it("refuses by the level and the version that its labels name", () => {
      const labels = {
        "pod-security.kubernetes.io/enforce": "baseline",
        "pod-security.kubernetes.io/enforce-version": "v1.36",
      };
      expect(() => createPod(labels)).to.throw(
        'pods "a" is forbidden: violates PodSecurity "baseline:v1.36": host namespaces (hostNetwork=true)',
      );
    });

    it("lets everything in without a level, or at privileged", () => {
      createPod({});
      cluster.store.delete("pods", "shop", "a", { gracePeriodSeconds: 0 });
      createPod({ "pod-security.kubernetes.io/enforce": "privileged" });
    });
  });
});
