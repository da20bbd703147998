import { expect } from "chai";
import { deploymentText, documents, findingsIn, serviceText } from "../testing/lint-text.ts";

const inContainer = (rule: string, ...container: readonly string[]) =>
  findingsIn(deploymentText({ container }), rule);

describe("rule image-tag", () => {
  it("is content with versions, digests and placeholders of other tools", () => {
    for (const image of [
      "web:1.2",
      "localhost:5000/web:v1",
      "web@sha256:abc",
      "auto",
      "$(IMAGE)",
      "web:latest@sha256:abc",
    ]) {
      expect(inContainer("image-tag", `image: ${image}`), image).to.deep.equal([]);
    }
  });

  it("finds latest and no tag at all, a registry's port aside", () => {
    for (const image of ["web", "web:latest", "localhost:5000/web"]) {
      expect(inContainer("image-tag", `image: ${image}`), image).to.have.length(1);
    }
  });
});

describe("rule missing-resources", () => {
  it("names what is not requested; limits count as requests", () => {
    expect(inContainer("missing-resources", "image: a:1")[0]?.message).to.include("no cpu and no memory");
    expect(
      inContainer("missing-resources", "resources: {requests: {cpu: 1}, limits: {memory: 1Gi}}"),
    ).to.deep.equal([]);
    expect(inContainer("missing-resources", "resources: {requests: {cpu: 1, memory: 1Gi}}")[0]).to.include({
      severity: "info",
    });
  });

  it("is content where the pod requests for all of its containers", () => {
    const pod = ["resources: {requests: {cpu: 1, memory: 1Gi}}"];
    expect(findingsIn(deploymentText({ pod }), "missing-resources")).to.deep.equal([]);
  });

  it("is content where a LimitRange gives defaults", () => {
    const range =
      "apiVersion: v1\nkind: LimitRange\nmetadata: {name: d}\nspec: {limits: [{type: Container, defaultRequest: {cpu: 1}}]}";
    expect(findingsIn(documents(deploymentText(), range), "missing-resources")).to.deep.equal([]);
  });
});

describe("rule root-user", () => {
  const severities = (container: string, pod: readonly string[] = []) =>
    findingsIn(deploymentText({ container: [container], pod }), "root-user").map(({ severity }) => severity);

  it("warns of user 0, of the container or of the pod", () => {
    expect(severities("securityContext: {runAsUser: 0}")).to.deep.equal(["warning"]);
    expect(severities("image: a", ["securityContext: {runAsUser: 0}"])).to.deep.equal(["warning"]);
  });

  it("is content with another user or runAsNonRoot; the container's word counts before the pod's", () => {
    expect(
      severities("securityContext: {runAsUser: 1000}", ["securityContext: {runAsUser: 0}"]),
    ).to.deep.equal([]);
    expect(severities("image: a", ["securityContext: {runAsNonRoot: true}"])).to.deep.equal([]);
  });

  it("mentions it as information when nothing is said", () => {
    expect(severities("image: a")).to.deep.equal(["info"]);
  });
});

describe("rules of selectors and labels", () => {
  const withSelector = (matchLabels: string, labels: string) =>
    deploymentText({ labels }).replace("{matchLabels: {}}", `{matchLabels: ${matchLabels}}`);

  it("selector-template finds a selector that the template does not match", () => {
    const [finding] = findingsIn(withSelector("{app: web, tier: x}", "{app: web}"), "selector-template");
    expect(finding).to.include({ severity: "error" });
    expect(finding?.message).to.include("tier=x");
    expect(findingsIn(withSelector("{app: web}", "{app: web, a: b}"), "selector-template")).to.deep.equal([]);
  });

  it("version-in-selector finds versions, and not colours", () => {
    const found = (value: string) =>
      findingsIn(withSelector(`{version: ${value}}`, `{version: ${value}}`), "version-in-selector");
    expect(found("v2.3.0")).to.have.length(1);
    expect(found("blue")).to.deep.equal([]);
  });

  it("required-label asks the pod template, with or without a value", () => {
    const missing = (label: string) =>
      findingsIn(deploymentText({ labels: "{app: web, tier: front}" }), "required-label", {
        requiredLabels: [label],
      });
    expect(missing("tier")).to.deep.equal([]);
    expect(missing("tier=front")).to.deep.equal([]);
    expect(missing("tier=back")[0]?.message).to.include("tier=front, not tier=back");
    expect(missing("owner")[0]?.message).to.include("no label owner");
  });
});

describe("rule rollout-downtime", () => {
  it("mentions a strategy that ends all pods of a Service at once", () => {
    const service = serviceText("{app: web}", "[{port: 80}]");
    const recreate = deploymentText().replace("spec:\n", "spec:\n  strategy: {type: Recreate}\n");
    expect(findingsIn(documents(service, recreate), "rollout-downtime")).to.have.length(1);
    expect(findingsIn(recreate, "rollout-downtime")).to.deep.equal([]);
    expect(findingsIn(documents(service, deploymentText()), "rollout-downtime")).to.deep.equal([]);
  });
});
