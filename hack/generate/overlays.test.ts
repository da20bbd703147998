// What `kubectl apply -k` would install: facts that must hold of every overlay in config/.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expect } from "chai";
import { CALLS_IN_OWN_NAMESPACE } from "../../src/kube/api-calls.ts";
import { parseSettings } from "../../src/operator/settings.ts";
import { SETTINGS } from "../../src/operator/settings-table.ts";
import { VERSION } from "../../src/version.ts";
import { OPERATOR_USER } from "../images/operator-root.ts";
import { buildOverlay, CONFIG, type Manifest, OVERLAYS, only } from "./testing/overlay.ts";

for (const { overlay, namespace } of OVERLAYS) {
  describe(`config/${overlay}`, () => {
    const manifests = buildOverlay(join(CONFIG, overlay));
    const { spec } = only(manifests, "Deployment");
    const pod = spec.template.spec;
    const [container, ...others] = pod.containers;
    const labels = spec.template.metadata.labels;

    it("puts everything that has a namespace into one", () => {
      const clusterWide = new Set([
        "Namespace",
        "CustomResourceDefinition",
        "ClusterRole",
        "ClusterRoleBinding",
      ]);
      for (const { kind, metadata } of manifests) {
        expect(metadata.namespace, `${kind} ${metadata.name}`).to.equal(
          clusterWide.has(kind) ? undefined : namespace,
        );
      }
    });

    it("labels everything as a part of RolloutGuard", () => {
      for (const { kind, metadata } of manifests.filter(({ kind }) => kind !== "Namespace")) {
        expect(metadata.labels, `${kind} ${metadata.name}`).to.include({
          "app.kubernetes.io/part-of": "rolloutguard",
        });
      }
    });

    it("runs two replicas of which at most one is away at a time", () => {
      expect(spec.replicas).to.equal(2);
      expect(spec.strategy.rollingUpdate).to.deep.equal({ maxUnavailable: 0, maxSurge: 1 });
      expect(only(manifests, "PodDisruptionBudget")["spec"]).to.include({ maxUnavailable: 1 });
      expect(pod.topologySpreadConstraints.map((each: Manifest) => each["whenUnsatisfiable"])).to.deep.equal([
        "ScheduleAnyway",
        "ScheduleAnyway",
      ]);
    });

    it("selects its own pods everywhere", () => {
      const selectors = [
        spec.selector.matchLabels,
        only(manifests, "PodDisruptionBudget")["spec"].selector.matchLabels,
        only(manifests, "NetworkPolicy")["spec"].podSelector.matchLabels,
        only(manifests, "Service", "rolloutguard-metrics")["spec"].selector,
        ...pod.topologySpreadConstraints.map((each: Manifest) => each["labelSelector"].matchLabels),
      ];
      for (const selector of selectors) {
        expect(Object.keys(selector)).to.have.length(2);
        expect(labels).to.include(selector);
      }
    });

    it("runs without any privilege, as the image's user", () => {
      expect(others).to.deep.equal([]);
      expect(container.securityContext).to.deep.equal({
        allowPrivilegeEscalation: false,
        privileged: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      const { runAsUser, runAsGroup, ...rest } = pod.securityContext;
      expect(`${runAsUser}:${runAsGroup}`).to.equal(OPERATOR_USER);
      expect(rest).to.deep.equal({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
      expect(pod).not.to.have.any.keys("volumes", "hostNetwork", "hostPID", "hostIPC");
    });

    it("starts the operator with settings that it takes, with leader election, and gives it time to end", () => {
      const env = Object.fromEntries(
        container.env.map((each: Manifest) => [each["name"], each["value"] ?? namespace]),
      );
      const known = new Set(Object.values(SETTINGS).map(({ variable }) => variable));
      for (const name of Object.keys(env).filter((name) => name.startsWith("ROLLOUTGUARD_"))) {
        expect(known.has(name), name).to.equal(true);
      }
      // In a pod its own namespace is known from the service account.
      const parsed = parseSettings([...container.args, `--lease-namespace=${namespace}`], env);
      if (!("settings" in parsed)) throw new Error(JSON.stringify(parsed));
      const { settings } = parsed;
      expect(settings).to.include({ leaderElection: true, observeOnly: false });
      expect(settings.namespaces).to.deep.equal(overlay === "namespaced" ? [namespace] : []);
      expect(CALLS_IN_OWN_NAMESPACE.map(({ name }) => name)).to.deep.equal([settings.leaseName]);
      expect(pod.terminationGracePeriodSeconds * 1_000).to.be.at.least(settings.shutdownTimeoutMs + 5_000);

      const { port } = settings.metricsAddress === "off" ? { port: 0 } : settings.metricsAddress;
      expect(container.ports).to.deep.equal([{ name: "http", containerPort: port }]);
      expect(container.livenessProbe.httpGet).to.deep.equal({ path: "/healthz", port: "http" });
      expect(container.readinessProbe.httpGet).to.deep.equal({ path: "/readyz", port: "http" });
      expect(only(manifests, "Service", "rolloutguard-metrics")["spec"].ports).to.deep.equal([
        { name: "http", port, targetPort: "http" },
      ]);
      expect(only(manifests, "NetworkPolicy")["spec"].ingress).to.deep.equal([
        {
          from: [{ namespaceSelector: { matchLabels: { metrics: "enabled" } } }],
          ports: [{ protocol: "TCP", port }],
        },
      ]);
    });

    it("lets out what goes to the API server and to DNS, and nothing else", () => {
      const { policyTypes, egress } = only(manifests, "NetworkPolicy")["spec"];
      expect(policyTypes).to.deep.equal(["Ingress", "Egress"]);
      const ports = egress.flatMap((rule: Manifest) =>
        rule["ports"].map((each: Manifest) => `${each["protocol"]} ${each["port"]}`),
      );
      expect(ports).to.have.members(["TCP 443", "TCP 6443", "TCP 8443", "UDP 53", "TCP 53"]);
    });

    it("limits the memory, and gives the heap a part of it that leaves room for the rest", () => {
      const { requests, limits } = container.resources;
      expect(limits).to.deep.equal({ memory: "512Mi" });
      expect(requests).to.have.keys("cpu", "memory");
      const options = container.env.find((each: Manifest) => each["name"] === "NODE_OPTIONS")["value"];
      const percentage = Number(/^--max-old-space-size-percentage=(\d+)$/.exec(options)?.[1]);
      // Outside the heap Node needs some 100 MB (docs/quality/performance.md).
      expect(512 * (1 - percentage / 100)).to.be.within(100, 200);
      // The Node that ships knows the option.
      const heap = execFileSync(process.execPath, ["-p", "v8.getHeapStatistics().heap_size_limit"], {
        encoding: "utf8",
        env: { NODE_OPTIONS: options },
      });
      expect(Number(heap)).to.be.above(0);
    });

    it("takes the image of this version, and leaves to an overlay where it comes from", () => {
      expect(container.image).to.equal(`rolloutguard:${VERSION}`);
    });
  });
}

describe("config/default", () => {
  const manifests = buildOverlay(join(CONFIG, "default"));

  it("brings the CRDs, and a namespace that forbids every privilege", () => {
    const crds = manifests.filter(({ kind }) => kind === "CustomResourceDefinition");
    expect(crds.map(({ metadata }) => metadata.name)).to.have.members([
      "rolloutguards.rolloutguard.io",
      "incidents.rolloutguard.io",
    ]);
    expect(only(manifests, "Namespace", "rolloutguard-system").metadata.labels).to.include({
      "pod-security.kubernetes.io/enforce": "restricted",
    });
  });
});

describe("config/namespaced", () => {
  it("holds nothing that needs rights for the whole cluster", () => {
    const kinds = buildOverlay(join(CONFIG, "namespaced")).map(({ kind }) => kind);
    expect(kinds.filter((kind) => /^(Cluster|CustomResource|Namespace)/.test(kind))).to.deep.equal([]);
  });

  it("moves to another namespace, rights included, by one line of an overlay", () => {
    const folder = mkdtempSync(join(tmpdir(), "overlay-"));
    try {
      const base = relative(folder, join(CONFIG, "namespaced"));
      writeFileSync(join(folder, "kustomization.yaml"), `namespace: shop\nresources: ["${base}"]\n`);
      const manifests = buildOverlay(folder);
      expect(new Set(manifests.map(({ metadata }) => metadata.namespace))).to.deep.equal(new Set(["shop"]));
      const subjects = manifests.flatMap((manifest) => manifest["subjects"] ?? []);
      expect(subjects.map((subject: Manifest) => subject["namespace"])).to.deep.equal(["shop", "shop"]);
      const { env } = only(manifests, "Deployment")["spec"].template.spec.containers[0];
      expect(env).to.deep.include({
        name: SETTINGS.namespaces.variable,
        valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } },
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("config/samples", () => {
  it("are all in the kustomization", () => {
    const names = buildOverlay(join(CONFIG, "samples")).map(({ metadata }) => metadata.name);
    expect(names).to.have.members(["catalog", "checkout-service", "inference-api", "payments", "sre-app"]);
  });
});
