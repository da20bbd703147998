import { expect } from "chai";
import { deploymentText, documents, findingsIn, serviceText } from "../testing/lint-text.ts";
import { objectText } from "../testing/object-text.ts";

const found = (...texts: readonly string[]) => findingsIn(documents(...texts), "missing-object");
const account = (name: string) => objectText("v1", "ServiceAccount", name);
const runningAs = (name: string) => deploymentText({ pod: [`serviceAccountName: ${name}`] });

describe("rule missing-object", () => {
  it("warns of a name that is nearly that of an object which is here, whatever the kind", () => {
    const cases = [
      [runningAs("oders"), account("orders"), "ServiceAccount oders"],
      [
        deploymentText({ pod: ["volumes: [{name: v, persistentVolumeClaim: {claimName: upload}}]"] }),
        objectText("v1", "PersistentVolumeClaim", "uploads"),
        "PersistentVolumeClaim upload",
      ],
      [
        objectText(
          "apps/v1",
          "StatefulSet",
          "db",
          "{serviceName: databse, template: {spec: {containers: []}}}",
        ),
        serviceText("{app: db}", "[{port: 80}]", "database"),
        "Service databse",
      ],
      [
        deploymentText({ pod: ["priorityClassName: hgih"] }),
        objectText("scheduling.k8s.io/v1", "PriorityClass", "high"),
        "PriorityClass hgih",
      ],
    ];
    for (const [from = "", to = "", says = ""] of cases) {
      const [finding] = found(from, to);
      expect(finding, says).to.include({ severity: "warning" });
      expect(finding?.message).to.include(says);
    }
  });

  it("is content with what is here, what every namespace has, and claims of a StatefulSet", () => {
    expect(found(runningAs("orders"), account("orders"))).to.deep.equal([]);
    expect(found(runningAs("default"))).to.deep.equal([]);
    const set = objectText(
      "apps/v1",
      "StatefulSet",
      "web",
      "{volumeClaimTemplates: [{metadata: {name: data}}]}",
    );
    const claim = deploymentText({
      pod: ["volumes: [{name: v, persistentVolumeClaim: {claimName: data-web-0}}]"],
    });
    expect(found(set, claim)).to.deep.equal([]);
  });

  it("only mentions what nothing here is like: something else may create it", () => {
    expect(found(runningAs("billing"), account("orders"))[0]).to.include({ severity: "info" });
    expect(found(runningAs("orders-qa"), account("orders-dev"))[0]).to.include({ severity: "info" });
  });

  it("warns of an autoscaler's target and of an Ingress's Service where others are here to choose from", () => {
    const scaler = (target: string) =>
      objectText("autoscaling/v2", "HorizontalPodAutoscaler", "h", `{scaleTargetRef: ${target}}`);
    expect(
      found(scaler("{apiVersion: apps/v1, kind: Deployment, name: shop}"), deploymentText())[0],
    ).to.include({
      severity: "warning",
    });
    const [otherKind] = found(
      scaler("{apiVersion: apps/v1, kind: StatefulSet, name: web}"),
      deploymentText(),
    );
    expect(otherKind?.fix).to.include("`kind: Deployment`");
    const ingress = objectText(
      "networking.k8s.io/v1",
      "Ingress",
      "i",
      "{rules: [{http: {paths: [{backend: {service: {name: shop, port: {number: 80}}}}]}}]}",
    );
    expect(found(ingress, serviceText("{app: web}", "[{port: 80}]"))[0]).to.include({ severity: "warning" });
    expect(found(ingress)[0]).to.include({ severity: "info" });
  });

  it("judges in a cluster only what was read", () => {
    expect(findingsIn(runningAs("orders"), "missing-object", { complete: [] })).to.deep.equal([]);
    const [finding] = findingsIn(runningAs("orders"), "missing-object", { complete: ["ServiceAccount"] });
    expect(finding).to.include({ severity: "error" });
  });
});

describe("rule backend-port", () => {
  const ingress = (port: string) =>
    objectText(
      "networking.k8s.io/v1",
      "Ingress",
      "i",
      `{defaultBackend: {service: {name: web, port: ${port}}}}`,
    );
  const service = serviceText("{app: web}", "[{name: http, port: 80, targetPort: 8080}]");
  const ports = (...texts: readonly string[]) => findingsIn(documents(...texts), "backend-port");

  it("finds the container's port where the Service's is wanted, and a name that the Service does not have", () => {
    expect(ports(ingress("{number: 8080}"), service)[0]?.fix).to.equal(
      "Write 80: that is the Service's port, 8080 is the container's.",
    );
    expect(ports(ingress("{name: web}"), service)[0]).to.include({ severity: "error" });
    const route = objectText(
      "gateway.networking.k8s.io/v1",
      "HTTPRoute",
      "r",
      "{rules: [{backendRefs: [{name: web, port: 8080}]}]}",
    );
    expect(ports(route, service)).to.have.length(1);
  });

  it("is content with the Service's number and name, and with a Service that is not here", () => {
    for (const port of ["{number: 80}", "{name: http}"]) {
      expect(ports(ingress(port), service)).to.deep.equal([]);
    }
    expect(ports(ingress("{number: 8080}"))).to.deep.equal([]);
  });
});

describe("rule selects-nothing", () => {
  const budget = (selector: string) =>
    objectText("policy/v1", "PodDisruptionBudget", "b", `{selector: ${selector}}`);
  const policy = (selector: string) =>
    objectText("networking.k8s.io/v1", "NetworkPolicy", "p", `{podSelector: ${selector}}`);
  const nothing = (...texts: readonly string[]) => findingsIn(documents(...texts), "selects-nothing");
  const orders = deploymentText({ name: "orders" });

  it("warns where a workload is probably meant, of budgets and of policies", () => {
    for (const text of [budget("{matchLabels: {app: order}}"), policy("{matchLabels: {app: order}}")]) {
      expect(nothing(text, orders)[0]).to.include({ severity: "warning" });
    }
    expect(nothing(budget("{matchLabels: {app: cart}}"), orders)[0]).to.include({ severity: "info" });
  });

  it("is content with what selects pods, or all of them, and where no workload is here", () => {
    expect(nothing(budget("{matchLabels: {app: orders}}"), orders)).to.deep.equal([]);
    expect(nothing(policy("{}"), orders)).to.deep.equal([]);
    expect(nothing(budget("{matchLabels: {app: orders}}"))).to.deep.equal([]);
  });
});
