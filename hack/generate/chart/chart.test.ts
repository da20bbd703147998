// What `helm install` would send: with the defaults what config/ installs, and what each value changes.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expect } from "chai";
import { CALLS_BY_CHOICE } from "../../../src/kube/api-calls.ts";
import { parseSettings } from "../../../src/operator/settings.ts";
import { CHART, helm, type Rendering, renderChart, renderNotes } from "../testing/chart.ts";
import { buildOverlay, CONFIG, type Manifest, only } from "../testing/overlay.ts";
import { camelCase } from "./chart-values.ts";
import { listValues } from "./values-file.ts";

/** Labels that only Helm's objects have. */
const LABELS_OF_HELM = [
  "app.kubernetes.io/instance",
  "app.kubernetes.io/version",
  "app.kubernetes.io/managed-by",
  "helm.sh/chart",
];

/** Without what marks an object as one of a release, wherever it is. */
function withoutMarks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMarks);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !LABELS_OF_HELM.includes(key))
      .map(([key, child]) => [key, withoutMarks(child)]),
  );
}

const keyOf = ({ kind, metadata }: Manifest) => `${kind} ${metadata.name}`;

function byKey(manifests: readonly Manifest[]): Record<string, unknown> {
  return Object.fromEntries(manifests.map((manifest) => [keyOf(manifest), withoutMarks(manifest)]));
}

const podOf = (manifests: readonly Manifest[], name?: string) =>
  only(manifests, "Deployment", name)["spec"].template.spec;
const containerOf = (manifests: readonly Manifest[], name?: string) => podOf(manifests, name).containers[0];

describe("the chart, with its defaults,", () => {
  const rendered = renderChart();

  it("is without a fault for helm lint", () => {
    expect(helm(["lint", "--strict", CHART])).to.include("0 chart(s) failed");
  });

  it("installs what config/default installs, object by object, but for the namespace", () => {
    // Only Helm can keep an object when a release is uninstalled, and it labels the CRDs as it does all else.
    const chart = byKey(renderChart({ values: { crds: { enabled: false } } }));
    const overlay = buildOverlay(join(CONFIG, "default"));
    const others = overlay.filter(({ kind }) => !["Namespace", "CustomResourceDefinition"].includes(kind));
    expect(chart).to.deep.equal(byKey(others));
  });

  it("installs the CRDs of config/default, kept when the release is uninstalled", () => {
    const crdsOf = (all: readonly Manifest[]) =>
      all.filter(({ kind }) => kind === "CustomResourceDefinition");
    const ours = crdsOf(rendered);
    const specs = (all: readonly Manifest[]) =>
      Object.fromEntries(all.map((crd) => [keyOf(crd), crd["spec"]]));
    expect(specs(ours)).to.deep.equal(specs(crdsOf(buildOverlay(join(CONFIG, "default")))));
    for (const { metadata } of ours) {
      expect(metadata).to.have.deep.property("annotations", { "helm.sh/resource-policy": "keep" });
    }
  });

  it("names each object once", () => {
    expect(new Set(rendered.map(keyOf)).size).to.equal(rendered.length);
  });
});

describe("the chart in one namespace", () => {
  const values = {
    watch: { namespaces: ["production"] },
    crds: { enabled: false },
    rbac: { aggregateClusterRoles: false },
  };
  const rendered = renderChart({ namespace: "production", values });

  it("installs what config/namespaced installs, object by object", () => {
    // There the pod asks in which namespace it is; the chart knows.
    const named = { name: "ROLLOUTGUARD_NAMESPACES", value: "production" };
    const overlay = buildOverlay(join(CONFIG, "namespaced"));
    const { env } = containerOf(overlay);
    const index = env.findIndex(({ name }: { name: string }) => name === named.name);
    expect(index).to.be.at.least(0);
    env.splice(index, 1);
    env.push(named);
    expect(byKey(rendered)).to.deep.equal(byKey(overlay));
  });

  it("needs no rights for the whole cluster", () => {
    expect(rendered.filter(({ kind }) => kind.startsWith("Cluster"))).to.deep.equal([]);
  });
});

describe("the chart in several namespaces", () => {
  const rendered = renderChart({ values: { watch: { namespaces: ["shop", "payments"] } } });

  it("binds the operator's account to a Role in each, and to no ClusterRole", () => {
    const bindings = rendered.filter(
      ({ kind, metadata }) => kind === "RoleBinding" && metadata.name === "rolloutguard",
    );
    expect(bindings.map(({ metadata }) => metadata.namespace)).to.deep.equal(["shop", "payments"]);
    for (const { subjects } of bindings) {
      expect(subjects).to.deep.equal([
        { kind: "ServiceAccount", name: "rolloutguard", namespace: "rolloutguard-system" },
      ]);
    }
    expect(rendered.filter(({ kind }) => kind === "ClusterRoleBinding")).to.deep.equal([]);
  });

  it("watches these", () => {
    expect(settingsIn(rendered).namespaces).to.deep.equal(["shop", "payments"]);
  });
});

describe("a second release of the chart", () => {
  const rendered = renderChart({ release: "blue", values: { crds: { enabled: false } } });

  it("has names, a Lease and selectors of its own", () => {
    const names = rendered.map(({ metadata }) => metadata.name);
    for (const name of names) expect(name).to.match(/^blue-rolloutguard/);
    expect(settingsIn(rendered, "blue-rolloutguard").leaseName).to.equal("blue-rolloutguard");
    expect(only(rendered, "Role", "blue-rolloutguard-lease")["rules"]).to.deep.include({
      apiGroups: ["coordination.k8s.io"],
      resources: ["leases"],
      resourceNames: ["blue-rolloutguard"],
      verbs: ["get", "update"],
    });
    const { selector } = only(rendered, "Deployment", "blue-rolloutguard")["spec"];
    expect(selector.matchLabels).to.include({ "app.kubernetes.io/instance": "blue" });
  });

  it("has the name that it is given", () => {
    const named = renderChart({ release: "blue", values: { fullnameOverride: "guards" } });
    expect(only(named, "Deployment", "guards").metadata.labels).to.include({
      "app.kubernetes.io/name": "rolloutguard",
    });
  });
});

describe("a value of the chart", () => {
  /** What is there with the value and not without. */
  const kindsAdded = (values: object, base: object = {}) => {
    const before = new Set(renderChart({ values: base }).map(keyOf));
    return renderChart({ values: { ...base, ...values } })
      .map(keyOf)
      .filter((key) => !before.has(key));
  };

  for (const { values, gone } of [
    {
      values: { crds: { enabled: false } },
      gone: [
        "CustomResourceDefinition incidents.rolloutguard.io",
        "CustomResourceDefinition rolloutguards.rolloutguard.io",
      ],
    },
    { values: { serviceAccount: { create: false, name: "mine" } }, gone: ["ServiceAccount rolloutguard"] },
    { values: { podDisruptionBudget: { enabled: false } }, gone: ["PodDisruptionBudget rolloutguard"] },
    { values: { networkPolicy: { enabled: false } }, gone: ["NetworkPolicy rolloutguard"] },
    {
      values: { rbac: { aggregateClusterRoles: false } },
      gone: ["ClusterRole rolloutguard-view", "ClusterRole rolloutguard-edit"],
    },
    {
      values: { rbac: { create: false, aggregateClusterRoles: false } },
      gone: [
        "ClusterRole rolloutguard",
        "ClusterRole rolloutguard-view",
        "ClusterRole rolloutguard-edit",
        "ClusterRoleBinding rolloutguard",
        "Role rolloutguard-lease",
        "RoleBinding rolloutguard-lease",
      ],
    },
  ]) {
    it(`leaves out what it disables, and nothing else: ${JSON.stringify(values)}`, () => {
      const left = new Set(renderChart({ values }).map(keyOf));
      const missing = renderChart()
        .map(keyOf)
        .filter((key) => !left.has(key));
      expect(missing).to.have.members(gone);
    });
  }

  it("gives the CRDs annotations, and lets them go with the release", () => {
    const crdsOf = (crds: object) =>
      only(renderChart({ values: { crds } }), "CustomResourceDefinition", "incidents.rolloutguard.io");
    expect(crdsOf({ keep: false }).metadata).not.to.have.property("annotations");
    expect(crdsOf({ annotations: { a: "b" } }).metadata).to.have.deep.property("annotations", {
      "helm.sh/resource-policy": "keep",
      a: "b",
    });
  });

  for (const { component, group, resource, subresource, verbs } of CALLS_BY_CHOICE) {
    for (const namespaces of [[], ["shop"]]) {
      it(`grants what the feature ${component} needs, and nothing else, ${namespaces[0] ?? "in the whole cluster"}`, () => {
        const role = namespaces.length > 0 ? "Role" : "ClusterRole";
        const rulesOf = (features: object) =>
          only(renderChart({ values: { features, watch: { namespaces } } }), role)["rules"];
        const rule = {
          apiGroups: [group],
          resources: [subresource ? `${resource}/${subresource}` : resource],
          verbs,
        };
        expect(rulesOf({ [camelCase(component)]: true })).to.deep.equal([...rulesOf({}), rule]);
      });
    }
  }

  it("protects the metrics as the component of config/ does", () => {
    const rendered = renderChart({ values: { secureMetrics: { enabled: true } } });
    expect(kindsAdded({ secureMetrics: { enabled: true } })).to.have.members([
      "ClusterRole rolloutguard-metrics-reviews",
      "ClusterRoleBinding rolloutguard-metrics-reviews",
      "ClusterRole rolloutguard-metrics-reader",
    ]);
    expect(settingsIn(rendered).metricsSecureAddress).to.deep.equal({ host: "0.0.0.0", port: 8443 });
    expect(only(rendered, "Service", "rolloutguard-metrics")["spec"].ports).to.deep.equal([
      { name: "https", port: 8443, targetPort: "https" },
    ]);
    expect(only(rendered, "NetworkPolicy")["spec"].ingress[0].ports).to.deep.equal([
      { protocol: "TCP", port: 8443 },
    ]);
  });

  it("gives the operator the sources of metric checks as the component of config/ does", () => {
    const folder = mkdtempSync(join(tmpdir(), "overlay-"));
    try {
      const to = (path: string) => JSON.stringify(relative(folder, join(CONFIG, path)));
      const lines = [`resources: [${to("default")}]`, `components: [${to("components/metric-sources")}]`];
      writeFileSync(join(folder, "kustomization.yaml"), lines.join("\n"));
      const without = ["Namespace", "CustomResourceDefinition"];
      const overlay = buildOverlay(folder).filter(({ kind }) => !without.includes(kind));
      const values = { crds: { enabled: false }, metricSources: { enabled: true } };
      expect(byKey(renderChart({ values }))).to.deep.equal(byKey(overlay));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("lets the operator connect to pods where it asks them, and to no other address", () => {
    const egressWith = (values: object) => only(renderChart({ values }), "NetworkPolicy")["spec"].egress;
    const usual = egressWith({});
    const pods = { to: [{ namespaceSelector: {} }] };
    const settings = { httpChecks: true };
    expect(egressWith({ settings })).to.deep.equal([...usual, pods]);
    expect(egressWith({ settings, networkPolicy: { egress: [] } })).to.deep.equal([pods]);
  });

  it("adds a PodMonitor that selects the pods, by the port of the metrics", () => {
    const podMonitor = { enabled: true, labels: { release: "prometheus" }, endpoint: { interval: "15s" } };
    expect(kindsAdded({ monitoring: { podMonitor } })).to.deep.equal(["PodMonitor rolloutguard"]);
    const monitorOf = (more: object) =>
      only(renderChart({ values: { monitoring: { podMonitor }, ...more } }), "PodMonitor");
    const monitor = monitorOf({});
    expect(monitor.metadata.labels).to.include({ release: "prometheus" });
    expect(monitor["spec"].podMetricsEndpoints).to.deep.equal([{ port: "http", interval: "15s" }]);
    expect(only(renderChart(), "Deployment")["spec"].template.metadata.labels).to.include(
      monitor["spec"].selector.matchLabels,
    );
    expect(monitorOf({ secureMetrics: { enabled: true } })["spec"].podMetricsEndpoints).to.deep.equal([
      { port: "https", scheme: "https", tlsConfig: { insecureSkipVerify: true }, interval: "15s" },
    ]);
  });

  it("says where the image is, by tag or by digest", () => {
    const imageOf = (image: object) => containerOf(renderChart({ values: { image } })).image;
    expect(imageOf({ registry: "registry.example.com" })).to.match(
      /^registry\.example\.com\/rolloutguard:\d/,
    );
    expect(imageOf({ repository: "a/b", tag: "x" })).to.equal("a/b:x");
    expect(imageOf({ tag: "x", digest: "sha256:0a" })).to.equal("rolloutguard@sha256:0a");
    expect(
      containerOf(renderChart({ values: { image: { pullPolicy: "Always" } } })).imagePullPolicy,
    ).to.equal("Always");
  });

  it("is a setting that the operator takes, false and 0 too", () => {
    const settings = { observeOnly: false, workers: 8, logLevel: "debug", shutdownTimeout: "0s" };
    expect(settingsIn(renderChart({ values: { settings } }))).to.include({
      observeOnly: false,
      workers: 8,
      logLevel: "debug",
      shutdownTimeoutMs: 0,
    });
    const { env } = containerOf(renderChart({ values: { settings } }));
    expect(env).to.deep.include({ name: "ROLLOUTGUARD_OBSERVE_ONLY", value: "false" });
  });

  it("reaches the pods, whatever they need", () => {
    const values = {
      imagePullSecrets: [{ name: "registry" }],
      priorityClassName: "high",
      nodeSelector: { disk: "ssd" },
      tolerations: [{ operator: "Exists" }],
      affinity: { nodeAffinity: {} },
      topologySpreadConstraints: [{ maxSkew: 2, topologyKey: "rack", whenUnsatisfiable: "DoNotSchedule" }],
      terminationGracePeriodSeconds: 60,
      extraVolumes: [{ name: "a", emptyDir: {} }],
    };
    const { imagePullSecrets, extraVolumes, ...asTheyAre } = values;
    const container = {
      extraArgs: ["--workers=2"],
      extraEnv: [{ name: "A", value: "b" }],
      extraVolumeMounts: [{ name: "a", mountPath: "/a" }],
      resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { memory: "1Gi" } },
    };
    const rendered = renderChart({
      values: {
        ...values,
        ...container,
        replicas: 3,
        podLabels: { team: "a" },
        podAnnotations: { b: "c" },
        commonLabels: { cost: "1" },
      },
    });
    expect(podOf(rendered)).to.deep.include({ ...asTheyAre, imagePullSecrets, volumes: extraVolumes });
    expect(containerOf(rendered).args).to.include("--workers=2");
    expect(containerOf(rendered).env).to.deep.include({ name: "A", value: "b" });
    expect(containerOf(rendered)).to.deep.include({
      volumeMounts: container.extraVolumeMounts,
      resources: container.resources,
    });
    const { spec } = only(rendered, "Deployment");
    expect(spec.replicas).to.equal(3);
    expect(spec.template.metadata.labels).to.include({ team: "a", cost: "1" });
    expect(spec.template.metadata.annotations).to.include({ b: "c" });
    for (const { metadata } of rendered) expect(metadata.labels, metadata.name).to.include({ cost: "1" });
  });

  it("adds objects, whose texts can be templates", () => {
    const extraObjects = [
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "of-{{ .Release.Name }}" } },
    ];
    expect(kindsAdded({ extraObjects })).to.deep.equal(["ConfigMap of-rolloutguard"]);
  });

  for (const values of [
    { imgae: {} },
    { image: { tga: "x" } },
    { settings: { logLevle: "debug" } },
    { features: { log: true } },
    { replicas: "two" },
  ]) {
    it(`is refused where it is none: ${JSON.stringify(values)}`, () => {
      expect(() => renderChart({ values })).to.throw(/values don't meet the specifications of the schema/);
    });
  }

  it("of a parent chart is let be", () => {
    expect(renderChart({ values: { global: { region: "eu" } } })).to.have.lengthOf(renderChart().length);
  });

  it("has a meaning, and is read by a template", async () => {
    const folder = join(CHART, "templates");
    const names = await readdir(folder);
    const templates = (await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")))).join();
    for (const { path, description } of listValues()) {
      expect(description, path).not.to.equal("");
      // Some are read by what is below the others: `with .Values.image`.
      expect(templates, path).to.match(new RegExp(`\\.${path.split(".").at(-1)}\\b`));
    }
  });
});

describe("the notes after the installation", () => {
  const notes = (rendering: Rendering = {}) => renderNotes(rendering);

  it("say what is watched, and how to guard a Deployment there", () => {
    expect(notes()).to.include("watches the whole cluster").and.include("kind: RolloutGuard");
    expect(notes({ values: { watch: { namespaces: ["payments", "shop"] } } }))
      .to.include("the namespaces payments, shop")
      .and.include("namespace: payments");
  });

  it("warn of a PodMonitor without labels, which kube-prometheus-stack ignores", () => {
    const warning = "kube-prometheus-stack ignores it";
    const monitored = (podMonitor: object) => notes({ values: { monitoring: { podMonitor } } });
    expect(monitored({ enabled: true })).to.include(warning);
    expect(monitored({ enabled: true, labels: { release: "a" } })).not.to.include(warning);
    expect(notes()).not.to.include(warning);
  });
});

/** The settings of the operator's container. */
function settingsIn(manifests: readonly Manifest[], name?: string) {
  const { args, env } = containerOf(manifests, name);
  const variables = Object.fromEntries(
    env.map((each: { name: string; value: string }) => [each.name, each.value]),
  );
  const parsed = parseSettings([...args, "--lease-namespace=rolloutguard-system"], variables);
  if (!("settings" in parsed)) throw new Error(JSON.stringify(parsed));
  return parsed.settings;
}
