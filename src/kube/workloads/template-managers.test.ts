import { expect } from "chai";
import { templateManagersOf } from "./template-managers.ts";

const OF_TEMPLATE = { "f:spec": { "f:template": { "f:spec": {} } } };

function entry(manager: unknown, time: unknown, fieldsV1: unknown = OF_TEMPLATE): object {
  return { manager, operation: "Update", apiVersion: "apps/v1", time, fieldsType: "FieldsV1", fieldsV1 };
}

function managersIn(...managedFields: readonly unknown[]) {
  return templateManagersOf({ metadata: { managedFields } });
}

describe("templateManagersOf", () => {
  it("names those who own a field of the pod template, the last to write first", () => {
    const managers = managersIn(
      entry("kubectl-client-side-apply", "2026-11-21T07:00:00Z"),
      entry("argocd-controller", "2026-11-21T07:08:30Z"),
    );
    expect(managers).to.deep.equal([
      { name: "argocd-controller", at: Date.UTC(2026, 10, 21, 7, 8, 30) },
      { name: "kubectl-client-side-apply", at: Date.UTC(2026, 10, 21, 7, 0, 0) },
    ]);
  });

  it("leaves out who only scales, annotates or writes the status", () => {
    const managers = managersIn(
      entry("horizontal-pod-autoscaler", "2026-11-21T07:00:00Z", { "f:spec": { "f:replicas": {} } }),
      entry("kubectl-annotate", "2026-11-21T07:00:00Z", { "f:metadata": { "f:annotations": {} } }),
      entry("kube-controller-manager", "2026-11-21T07:00:00Z", { "f:status": {} }),
    );
    expect(managers).to.deep.equal([]);
  });

  it("names each once, as of its last write, and three at most", () => {
    const managers = managersIn(
      entry("helm", "2026-11-21T07:00:00Z"),
      entry("helm", "2026-11-21T07:00:09Z"),
      ...["a", "b", "c"].map((name) => entry(name, "2026-11-21T07:00:05Z")),
    );
    expect(managers.map(({ name }) => name)).to.deep.equal(["helm", "a", "b"]);
  });

  it("takes any JSON: what cannot be read names nobody", () => {
    for (const broken of [
      null,
      "x",
      entry("", "2026-11-21T07:00:00Z"),
      entry("helm", "soon"),
      entry("helm", "2026-11-21T07:00:00Z", { "f:spec": ["f:template"] }),
      entry("x".repeat(300), "2026-11-21T07:00:00Z"),
    ]) {
      expect(managersIn(broken)).to.deep.equal([]);
    }
    expect(templateManagersOf({ metadata: { managedFields: "none" } })).to.deep.equal([]);
  });
});
