import { expect } from "chai";
import { deploymentText, documents, findingsIn, serviceText } from "../testing/lint-text.ts";

describe("what findings say to write", () => {
  it("is the selector of the Service where the workload's own selector has the label", () => {
    const web = deploymentText({ name: "orders" }).replace("matchLabels: {}", "matchLabels: {app: orders}");
    const [finding] = findingsIn(
      documents(web, serviceText("{app: order}", "[{port: 80}]")),
      "service-selector",
    );
    expect(finding?.fix).to.include("Write `app: orders` into spec.selector");
  });

  it("is a number without quotes, for probes and Services", () => {
    const web = deploymentText({
      container: ["ports: [{containerPort: 80}]", 'readinessProbe: {httpGet: {port: "80"}}'],
    });
    expect(findingsIn(web, "probe-port")[0]?.fix).to.equal("Write `port: 80` without quotes.");
    const service = serviceText("{app: web}", '[{port: 80, targetPort: "80"}]');
    expect(findingsIn(documents(web, service), "service-target-port")[0]?.fix).to.equal(
      "Write `targetPort: 80` without quotes.",
    );
  });

  it("has a user wherever it says runAsNonRoot; user 0 beside that never starts", () => {
    for (const pod of [[], ["securityContext: {runAsUser: 0}"]]) {
      expect(findingsIn(deploymentText({ pod }), "root-user")[0]?.fix).to.match(
        /runAsNonRoot: true.*runAsUser/,
      );
    }
    const never = ["securityContext: {runAsUser: 0, runAsNonRoot: true}"];
    expect(findingsIn(deploymentText({ pod: never }), "root-user")[0]).to.include({ severity: "error" });
  });

  it("is no rolling update where a volume or a port of the node has place for one pod", () => {
    const recreate = (of: object) =>
      findingsIn(
        documents(
          deploymentText({ spec: ["strategy: {type: Recreate}"], ...of }),
          serviceText("{app: web}", "[{port: 80}]"),
        ),
        "rollout-downtime",
      );
    expect(recreate({})).to.have.length(1);
    expect(recreate({ pod: ["volumes: [{name: v, persistentVolumeClaim: {claimName: d}}]"] })).to.deep.equal(
      [],
    );
    expect(recreate({ container: ["ports: [{containerPort: 80, hostPort: 80}]"] })).to.deep.equal([]);
  });
});

describe("rule probe-address", () => {
  const found = (
    handler: string,
    ports = "[{name: http, containerPort: 80}, {name: https, containerPort: 443}]",
  ) =>
    findingsIn(
      deploymentText({ container: [`ports: ${ports}`, `readinessProbe: {httpGet: ${handler}}`] }),
      "probe-address",
    );

  it("finds a host that is not the pod, and a protocol that the port does not speak", () => {
    expect(found("{port: http, host: localhost}")[0]?.message).to.include("the node and not the pod");
    expect(found("{port: http, host: web.shop.svc}")).to.have.length(1);
    expect(found("{port: https}")[0]?.fix).to.include("`scheme: HTTPS`");
    expect(found("{port: 80, scheme: HTTPS}")).to.have.length(1);
    expect(found("{port: 8443}", "[{containerPort: 8443}]")).to.have.length(1);
  });

  it("is content with a probe of the pod in the protocol of its port", () => {
    for (const handler of ["{port: http}", "{port: 443, scheme: HTTPS}", "{port: 9000}"]) {
      expect(found(handler), handler).to.deep.equal([]);
    }
  });
});

describe("rule read-only-root", () => {
  const found = (...container: readonly string[]) =>
    findingsIn(
      deploymentText({ container: ["securityContext: {readOnlyRootFilesystem: true}", ...container] }),
      "read-only-root",
    );

  it("mentions a container without a volume at /tmp", () => {
    expect(found()[0]).to.include({ severity: "info" });
    expect(found("volumeMounts: [{name: t, mountPath: /data}]")).to.have.length(1);
    expect(found("volumeMounts: [{name: t, mountPath: /tmp}]")).to.deep.equal([]);
  });
});

describe("rule version-in-selector", () => {
  const found = (label: string) =>
    findingsIn(
      deploymentText().replace("matchLabels: {}", `matchLabels: {app: web, ${label}}`),
      "version-in-selector",
    );

  it("knows versions of charts, commits and builds, and what only sounds like one", () => {
    for (const label of [
      "helm.sh/chart: web-1.2.3",
      "commit: 3f2a9bc",
      'build-number: "4711"',
      'app.kubernetes.io/version: "1.16.0"',
      'pod-template-hash: "5bdd5dd464"',
    ]) {
      expect(found(label), label).to.have.length(1);
    }
    for (const label of ["version: v1", "chart: web", "release: blue", "build: debug"]) {
      expect(found(label), label).to.deep.equal([]);
    }
  });
});

describe("Services of single pods", () => {
  it("are served by the StatefulSet whose pods have those names", () => {
    const set =
      "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec: {template: {metadata: {labels: {app: db}}, spec: {containers: []}}}";
    const service = (selector: string) => serviceText(selector, "[{port: 80}]");
    const found = (selector: string) => findingsIn(documents(set, service(selector)), "service-selector");
    expect(found("{statefulset.kubernetes.io/pod-name: db-0}")).to.deep.equal([]);
    expect(found('{app: db, apps.kubernetes.io/pod-index: "0"}')).to.deep.equal([]);
    expect(found("{statefulset.kubernetes.io/pod-name: dc-0}")).to.have.length(1);
  });
});
