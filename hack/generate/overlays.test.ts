// What `kubectl apply -k` would install: facts that must hold of every overlay in config/.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expect } from "chai";
import { parseAllDocuments } from "yaml";
import { parseSettings } from "../../src/cli/settings.ts";
import { SETTINGS } from "../../src/cli/settings-table.ts";
import { VERSION } from "../../src/cli/version.ts";
import {
  type ApiCall,
  CALLS_IN_GUARDED_NAMESPACES,
  CALLS_IN_OWN_NAMESPACE,
} from "../../src/kube/api-calls.ts";
import { OPERATOR_USER } from "../images/operator-root.ts";
import { kubectlFolder } from "../kubectl-contract/kubectl-binary.ts";

const CONFIG = join(import.meta.dirname, "../../config");

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  // biome-ignore lint/suspicious/noExplicitAny: manifests of all kinds; the tests say what they must hold
  readonly [field: string]: any;
}

function build(folder: string): readonly Manifest[] {
  const kubectl = join(kubectlFolder(), "kubectl");
  const text = execFileSync(kubectl, ["kustomize", folder], { encoding: "utf8", timeout: 15_000 });
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

function only(manifests: readonly Manifest[], kind: string, name = "rolloutguard"): Manifest {
  const found = manifests.filter(({ kind: each, metadata }) => each === kind && metadata.name === name);
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} ${kind}s are called ${name}`);
  return found[0];
}

/** Each right as one word, to compare with the table of calls. */
function rightsIn({ rules }: Manifest): readonly string[] {
  type Rule = Readonly<Record<"apiGroups" | "resources" | "verbs", string[]>> & { resourceNames?: string[] };
  return (rules as Rule[])
    .flatMap(({ apiGroups, resources, verbs, resourceNames = [""] }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) =>
          verbs.flatMap((verb) => resourceNames.map((name) => `${verb} ${group}/${resource} ${name}`.trim())),
        ),
      ),
    )
    .sort();
}

function rightsFor(calls: readonly (ApiCall & { readonly name?: string })[]): readonly string[] {
  return calls
    .flatMap(({ group, resource, subresource, verbs, name = "" }) =>
      verbs.map((verb) => {
        const path = [resource, subresource].filter(Boolean).join("/");
        return `${verb} ${group}/${path} ${verb === "create" ? "" : name}`.trim();
      }),
    )
    .sort();
}

const OVERLAYS = [
  { overlay: "default", namespace: "rolloutguard-system", role: "ClusterRole" },
  { overlay: "namespaced", namespace: "production", role: "Role" },
] as const;

for (const { overlay, namespace, role } of OVERLAYS) {
  describe(`config/${overlay}`, () => {
    const manifests = build(join(CONFIG, overlay));
    const { spec } = only(manifests, "Deployment");
    const pod = spec.template.spec;
    const [container, ...others] = pod.containers;
    const labels = spec.template.metadata.labels;

    it("allows what the operator calls and nothing else: no Secrets, no wildcards", () => {
      expect(rightsIn(only(manifests, role))).to.deep.equal(rightsFor(CALLS_IN_GUARDED_NAMESPACES));
      expect(rightsIn(only(manifests, "Role", "rolloutguard-lease"))).to.deep.equal(
        rightsFor(CALLS_IN_OWN_NAMESPACE),
      );
      for (const manifest of manifests.filter(({ kind }) => kind.endsWith("Role"))) {
        expect(rightsIn(manifest).join(), manifest.metadata.name).not.to.match(
          /\*|secrets|impersonate|escalate/,
        );
      }
    });

    it("allows it to the account that the operator runs as, and to nobody else", () => {
      const bindings = manifests.filter(({ kind }) => kind.endsWith("Binding"));
      const account = only(manifests, "ServiceAccount");
      expect(bindings.map(({ roleRef }) => `${roleRef.kind} ${roleRef.name}`).sort()).to.deep.equal(
        [`${role} rolloutguard`, "Role rolloutguard-lease"].sort(),
      );
      for (const { subjects } of bindings) {
        expect(subjects).to.deep.equal([{ kind: "ServiceAccount", name: account.metadata.name, namespace }]);
      }
      expect(pod.serviceAccountName).to.equal(account.metadata.name);
      expect(account["automountServiceAccountToken"]).to.equal(false);
      expect(pod.automountServiceAccountToken).to.equal(true);
    });

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
        { ports: [{ protocol: "TCP", port }] },
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
      // Outside the heap Node needs some 100 MB (docs/performance.md).
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
  const manifests = build(join(CONFIG, "default"));

  it("brings the CRDs, and a namespace that forbids every privilege", () => {
    expect(manifests.filter(({ kind }) => kind === "CustomResourceDefinition")).to.have.length(2);
    expect(only(manifests, "Namespace", "rolloutguard-system").metadata.labels).to.include({
      "pod-security.kubernetes.io/enforce": "restricted",
    });
  });

  it("lets people who may view see guards and Incidents, and who may edit write guards; nobody writes Incidents", () => {
    const aggregatedTo = (name: string) =>
      Object.keys(only(manifests, "ClusterRole", name).metadata.labels ?? {})
        .filter((label) => label.includes("aggregate-to-"))
        .map((label) => label.split("aggregate-to-")[1]);
    expect(aggregatedTo("rolloutguard-view")).to.have.members(["view", "edit", "admin"]);
    expect(aggregatedTo("rolloutguard-edit")).to.have.members(["edit", "admin"]);
    const edit = rightsIn(only(manifests, "ClusterRole", "rolloutguard-edit"));
    expect(edit).to.include("create rolloutguard.io/rolloutguards");
    expect(edit.filter((right) => /(create|update|patch) \S+incidents/.test(right))).to.deep.equal([]);
  });
});

describe("config/namespaced", () => {
  it("holds nothing that needs rights for the whole cluster", () => {
    const kinds = build(join(CONFIG, "namespaced")).map(({ kind }) => kind);
    expect(kinds.filter((kind) => /^(Cluster|CustomResource|Namespace)/.test(kind))).to.deep.equal([]);
  });

  it("moves to another namespace, rights included, by one line of an overlay", () => {
    const folder = mkdtempSync(join(tmpdir(), "overlay-"));
    try {
      const base = relative(folder, join(CONFIG, "namespaced"));
      writeFileSync(join(folder, "kustomization.yaml"), `namespace: shop\nresources: ["${base}"]\n`);
      const manifests = build(folder);
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
    const names = build(join(CONFIG, "samples")).map(({ metadata }) => metadata.name);
    expect(names).to.have.members(["catalog", "checkout-service", "inference-api", "payments", "sre-app"]);
  });
});
