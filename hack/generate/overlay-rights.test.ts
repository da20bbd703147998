// Who may do what after `kubectl apply -k`: the table of calls and nothing else, for the operator's account and nobody else.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expect } from "chai";
import {
  type ApiCall,
  CALLS_BY_CHOICE,
  CALLS_FOR_SECURE_METRICS,
  CALLS_IN_GUARDED_NAMESPACES,
  CALLS_IN_OWN_NAMESPACE,
} from "../../src/kube/api-calls.ts";
import { buildOverlay, CONFIG, type Manifest, OVERLAYS, only } from "./testing/overlay.ts";

for (const { overlay, namespace, role } of OVERLAYS) {
  describe(`RBAC of config/${overlay}`, () => {
    const manifests = buildOverlay(join(CONFIG, overlay));
    const pod = only(manifests, "Deployment")["spec"].template.spec;

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
  });
}

for (const { overlay, namespace, role } of OVERLAYS) {
  for (const { component, ...call } of CALLS_BY_CHOICE) {
    it(`config/${overlay} with config/components/${component} allows what that grants, and nothing else besides`, () => {
      const manifests = buildWith(component, overlay);
      expect(rightsIn(only(manifests, role))).to.deep.equal(
        rightsFor([...CALLS_IN_GUARDED_NAMESPACES, call]),
      );
      const others = (all: readonly Manifest[]) =>
        all.filter(({ kind, metadata }) => kind !== role || metadata.name !== "rolloutguard");
      expect(others(manifests)).to.deep.equal(others(buildOverlay(join(CONFIG, overlay))));
    });
  }

  it(`config/${overlay} with config/components/secure-metrics allows the operator to review tokens, and nothing else besides`, () => {
    const manifests = buildWith("secure-metrics", overlay);
    const reviews = "rolloutguard-metrics-reviews";
    expect(rightsIn(only(manifests, "ClusterRole", reviews))).to.deep.equal(
      rightsFor(CALLS_FOR_SECURE_METRICS),
    );
    expect(only(manifests, "ClusterRoleBinding", reviews)["subjects"]).to.deep.equal([
      { kind: "ServiceAccount", name: "rolloutguard", namespace },
    ]);
    expect(only(manifests, "ClusterRole", "rolloutguard-metrics-reader")["rules"]).to.deep.equal([
      { nonResourceURLs: ["/metrics"], verbs: ["get"] },
    ]);
    const without = buildOverlay(join(CONFIG, overlay));
    const rights = (all: readonly Manifest[]) =>
      all.filter(({ kind, metadata }) => /Role/.test(kind) && !/-metrics-re/.test(metadata.name));
    expect(rights(manifests)).to.deep.equal(rights(without));
  });
}

/** The overlay with that component, as somebody's kustomization has it. */
function buildWith(component: string, overlay: string): readonly Manifest[] {
  const folder = mkdtempSync(join(tmpdir(), "overlay-"));
  try {
    const [base, added] = [overlay, `components/${component}`].map((each) =>
      relative(folder, join(CONFIG, each)),
    );
    writeFileSync(join(folder, "kustomization.yaml"), `resources: ["${base}"]\ncomponents: ["${added}"]\n`);
    return buildOverlay(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("RBAC for people", () => {
  const manifests = buildOverlay(join(CONFIG, "default"));

  it("lets people who may view see guards and Incidents, and who may edit write guards and roll back by hand", () => {
    const aggregatedTo = (name: string) =>
      Object.keys(only(manifests, "ClusterRole", name).metadata.labels ?? {})
        .filter((label) => label.includes("aggregate-to-"))
        .map((label) => label.split("aggregate-to-")[1]);
    expect(aggregatedTo("rolloutguard-view")).to.have.members(["view", "edit", "admin"]);
    expect(aggregatedTo("rolloutguard-edit")).to.have.members(["edit", "admin"]);
    const edit = rightsIn(only(manifests, "ClusterRole", "rolloutguard-edit"));
    expect(edit).to.include("create rolloutguard.io/rolloutguards");
    // An Incident is opened and its end is written; what it says is fixed.
    expect(edit.filter((right) => /(create|update|patch) \S+incidents/.test(right))).to.deep.equal([
      "create rolloutguard.io/incidents",
      "patch rolloutguard.io/incidents/status",
    ]);
  });
});

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
