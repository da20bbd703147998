import { expect } from "chai";
import { lintManifests } from "../../lint-manifests.ts";
import { parseManifests } from "../../parse-manifests.ts";
import { deploymentText, documents, findingsIn, serviceText } from "../../testing/lint-text.ts";
import { objectText } from "../../testing/object-text.ts";

describe("rule egress-dns", () => {
  const policy = (egress: string, name = "p") =>
    objectText(
      "networking.k8s.io/v1",
      "NetworkPolicy",
      name,
      `{podSelector: {}, policyTypes: [Egress], egress: ${egress}}`,
    );
  const toStock = "[{to: [{podSelector: {matchLabels: {app: stock}}}]}]";
  const web = deploymentText();
  const found = (...texts: readonly string[]) => findingsIn(documents(...texts), "egress-dns");

  it("is an error where a setting names a Service, and a warning otherwise", () => {
    const calling = deploymentText({ container: ['env: [{name: U, value: "http://stock:80"}]'] });
    const stock = serviceText("{app: stock}", "[{port: 80}]", "stock");
    expect(found(policy(toStock), calling, stock)[0]).to.include({ severity: "error" });
    expect(found(policy(toStock), web)[0]).to.include({ severity: "warning" });
    expect(found(policy("[{ports: [{port: 443}]}]"), web)).to.have.length(1);
  });

  it("is content when any policy lets DNS through, however it is written", () => {
    for (const egress of [
      "[{}]",
      "[{ports: [{port: 53, protocol: UDP}]}]",
      "[{to: [{namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: kube-dns}}}]}]",
      "[{to: [{ipBlock: {cidr: 10.0.0.10/32}}]}]",
    ]) {
      expect(found(policy(egress), web), egress).to.deep.equal([]);
      expect(found(policy(toStock), policy(egress, "dns"), web), egress).to.deep.equal([]);
    }
    expect(found(policy("[]"), web)).to.deep.equal([]);
  });
});

describe("rule namespace-label", () => {
  const policy = (labels: string) =>
    objectText(
      "networking.k8s.io/v1",
      "NetworkPolicy",
      "p",
      `{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: ${labels}}}]}]}`,
    );
  const shop = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {team: a}}";
  const found = (labels: string) => findingsIn(documents(policy(labels), shop), "namespace-label");

  it("finds a label that the namespace which is meant does not have", () => {
    expect(found("{name: shop}")[0]?.fix).to.include("`kubernetes.io/metadata.name: shop`");
    expect(found("{kubernetes.io/metadata.name: shop}")).to.deep.equal([]);
    expect(found("{team: b}")).to.deep.equal([]);
  });
});

describe("rule autoscaled-replicas", () => {
  it("finds replicas beside an autoscaler, and is content without one of the two", () => {
    const scaler = objectText(
      "autoscaling/v2",
      "HorizontalPodAutoscaler",
      "h",
      "{scaleTargetRef: {kind: Deployment, name: web}}",
    );
    const web = deploymentText({ spec: ["replicas: 2"] });
    expect(findingsIn(documents(web, scaler), "autoscaled-replicas")).to.have.length(1);
    expect(findingsIn(documents(deploymentText(), scaler), "autoscaled-replicas")).to.deep.equal([]);
    expect(findingsIn(web, "autoscaled-replicas")).to.deep.equal([]);
  });
});

describe("rule duplicate-object", () => {
  const found = (...files: readonly string[]) =>
    lintManifests(files.flatMap((file) => parseManifests(deploymentText(), file).manifests))
      .findings.filter(({ rule }) => rule === "duplicate-object")
      .map(({ severity }) => severity);

  it("warns within a file, mentions variants in a folder, and keeps folders apart", () => {
    expect(found("a.yaml", "a.yaml")).to.deep.equal(["warning"]);
    expect(found("a.yaml", "b.yaml")).to.deep.equal(["info"]);
    expect(found("staging/a.yaml", "production/a.yaml")).to.deep.equal([]);
  });
});

describe("rule selector-width", () => {
  const app = (name: string, image: string, labels = `{part: shop, app: ${name}}`) =>
    deploymentText({ name, labels, container: [`image: ${image}`] });
  const found = (...texts: readonly string[]) => findingsIn(documents(...texts), "selector-width");

  it("finds a selector that different applications fit, and says which label tells them apart", () => {
    const service = serviceText("{part: shop}", "[{port: 80}]");
    expect(found(service, app("web", "web:1"), app("db", "postgres:18"))[0]?.fix).to.include("`app: web`");
    expect(found(service, app("web", "shop:1"), app("cart", "shop:1"))).to.have.length(1);
    expect(found(service, app("web", "web:1"), app("web-canary", "web:2"))).to.deep.equal([]);
    const twins = [app("web-a", "web:1", "{part: shop}"), app("web-b", "web:2", "{part: shop}")];
    expect(found(service, ...twins)).to.deep.equal([]);
    expect(found(service, app("web", "web:1"))).to.deep.equal([]);
  });

  it("finds a selector with a version that only the template has", () => {
    const web = app("web", "web:1", "{app: web, version: 1.2.3}");
    expect(found(serviceText("{app: web, version: 1.2.3}", "[{port: 80}]"), web)).to.have.length(1);
    expect(found(serviceText("{app: web}", "[{port: 80}]"), web)).to.deep.equal([]);
  });
});

describe("rule migration-at-start", () => {
  const found = (init: string, ...spec: readonly string[]) =>
    findingsIn(deploymentText({ spec, pod: [`initContainers: [${init}]`] }), "migration-at-start");

  it("finds a migration by its name, its command or its tool, where pods start side by side", () => {
    for (const init of [
      "{name: db-migrate}",
      "{name: init, command: [python, manage.py, migrate]}",
      "{name: init, args: [-c, 'alembic upgrade head']}",
      "{name: init, command: [rails, 'db:migrate']}",
    ]) {
      expect(found(init, "replicas: 2")[0], init).to.include({ severity: "warning" });
    }
    expect(found("{name: migrations}")[0]).to.include({ severity: "info" });
  });

  it("is content with other init containers, and with Recreate", () => {
    expect(found("{name: wait-for-db}", "replicas: 2")).to.deep.equal([]);
    expect(found("{name: migrate}", "strategy: {type: Recreate}")).to.deep.equal([]);
  });
});

describe("rule stale-configuration", () => {
  const settings = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: b}";
  const found = (container: string, ...metadata: readonly string[]) =>
    findingsIn(
      documents(deploymentText({ container: [container], metadata }), settings),
      "stale-configuration",
    );

  it("mentions variables of a ConfigMap that nothing restarts the pods for", () => {
    expect(found("envFrom: [{configMapRef: {name: settings}}]")).to.have.length(1);
    expect(found("env: [{name: A, valueFrom: {configMapKeyRef: {name: settings, key: a}}}]")).to.have.length(
      1,
    );
  });

  it("mentions files of a ConfigMap, which most programs read at their start", () => {
    const mounted = deploymentText({ pod: ["volumes: [{name: v, configMap: {name: settings}}]"] });
    expect(findingsIn(documents(mounted, settings), "stale-configuration")).to.have.length(1);
  });

  it("is content with a controller that watches it, and with Secrets", () => {
    const watched = 'annotations: {reloader.stakater.com/auto: "true"}';
    expect(found("envFrom: [{configMapRef: {name: settings}}]", watched)).to.deep.equal([]);
    expect(found("envFrom: [{secretRef: {name: settings}}]")).to.deep.equal([]);
  });
});
