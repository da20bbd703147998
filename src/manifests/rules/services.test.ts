import { expect } from "chai";
import { deploymentText, documents, findingsIn, serviceText } from "../testing/lint-text.ts";

const PORTS = "[{port: 80, targetPort: 8080}]";

function selectorFindings(selector: string, labels: string, more: readonly string[] = []) {
  const text = documents(serviceText(selector, PORTS), deploymentText({ name: "shop", labels }), ...more);
  return findingsIn(text, "service-selector");
}

describe("rule service-selector", () => {
  it("is content when the pods have more labels than the selector", () => {
    expect(selectorFindings("{app: web}", "{app: web, tier: front}")).to.deep.equal([]);
  });

  it("names the label that the pods lack, and where their labels are", () => {
    const [finding] = selectorFindings("{app: web, tier: backend}", "{app: web}");
    expect(finding).to.include({ severity: "error", kind: "Service", name: "web" });
    expect(finding?.place).to.deep.equal({ source: "test.yaml", line: 4, column: 29 });
    expect(finding?.message).to.include("selects tier=backend");
    expect(finding?.fix).to.include("`tier: backend`").and.to.include("test.yaml:");
  });

  it("names both sides of a slip", () => {
    const [finding] = selectorFindings("{app: checkout}", "{app: chekcout}");
    expect(finding).to.include({ severity: "error" });
    expect(finding?.message).to.include("app=checkout").and.to.include("have app=chekcout");
  });

  it("does not take names with different numbers for slips", () => {
    expect(selectorFindings("{app: worker1}", "{app: worker2}")[0]).to.include({ severity: "warning" });
  });

  it("is no more than a warning when nothing here is like what is meant", () => {
    const [finding] = selectorFindings("{app: database}", "{app: web}");
    expect(finding).to.include({ severity: "warning" });
  });

  it("does not take labels that a chart gives to everything for likeness", () => {
    const shared = "app.kubernetes.io/instance: x, app.kubernetes.io/part-of: shop";
    const [finding] = selectorFindings(`{${shared}, app: db}`, `{${shared}, app: web}`);
    expect(finding).to.include({ severity: "warning" });
  });

  it("says only as information that custom resources may make the pods", () => {
    const custom = "apiVersion: monitoring.coreos.com/v1\nkind: Alertmanager\nmetadata: {name: main}";
    expect(selectorFindings("{app: database}", "{app: web}", [custom])[0]).to.include({ severity: "info" });
  });

  it("says only as information that a role may be set at run time", () => {
    expect(selectorFindings("{app: pg, role: master}", "{app: pg}")[0]).to.include({ severity: "info" });
  });

  it("says nothing of Services without selector, or with an external name", () => {
    const text = documents(
      "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80}]}",
      "apiVersion: v1\nkind: Service\nmetadata: {name: b}\nspec: {type: ExternalName, externalName: x.example, selector: {a: b}}",
    );
    expect(findingsIn(text)).to.deep.equal([]);
  });

  it("keeps namespaces apart", () => {
    const text = documents(
      serviceText("{app: web}", PORTS, "web", ", namespace: one"),
      deploymentText({ namespace: "two" }),
    );
    expect(findingsIn(text, "service-selector")).to.have.length(1);
  });

  it("does not count the pods of jobs and of hooks as what a Service serves", () => {
    const hook = `${serviceText("{app: web}", PORTS)}\n---\n${deploymentText({ metadata: ['annotations: {"helm.sh/hook": pre-install}'] })}`;
    expect(findingsIn(hook, "service-selector")).to.have.length(1);
  });
});

function portFindings(ports: string, container: string) {
  const text = documents(serviceText("{app: web}", ports), deploymentText({ container: [container] }));
  return findingsIn(text, "service-target-port");
}

describe("rule service-target-port", () => {
  it("is content with a declared number, a declared name, and containers that declare nothing", () => {
    expect(portFindings("[{port: 80, targetPort: 8080}]", "ports: [{containerPort: 8080}]")).to.deep.equal(
      [],
    );
    expect(
      portFindings("[{port: 80, targetPort: http}]", "ports: [{containerPort: 8080, name: http}]"),
    ).to.deep.equal([]);
    expect(portFindings("[{port: 8080}]", "ports: [{containerPort: 8080}]")).to.deep.equal([]);
    expect(portFindings("[{port: 80, targetPort: 8080}]", "image: a:1")).to.deep.equal([]);
  });

  it("names the declared port beside the one that is sent to", () => {
    const [finding] = portFindings("[{port: 80, targetPort: 8080}]", "ports: [{containerPort: 80}]");
    expect(finding).to.include({ severity: "error" });
    expect(finding?.message).to.include("TCP port 8080").and.to.include("declare only 80");
    expect(finding?.fix).to.include("`containerPort: 8080` (test.yaml:");
  });

  it("takes the port itself for the target when none is written", () => {
    expect(portFindings("[{port: 80}]", "ports: [{containerPort: 8080}]")[0]?.message).to.include(
      "TCP port 80",
    );
  });

  it("only mentions a port where several are declared: one may just be left out", () => {
    const [finding] = portFindings("[{port: 80}]", "ports: [{containerPort: 8080}, {containerPort: 9090}]");
    expect(finding).to.include({ severity: "info" });
  });

  it("finds a name that no port has, and the one that is meant", () => {
    const [finding] = portFindings(
      "[{port: 80, targetPort: htpp}]",
      "ports: [{containerPort: 8080, name: http}, {containerPort: 1, name: metrics}]",
    );
    expect(finding).to.include({ severity: "error" });
    expect(finding?.fix).to.include("`targetPort: http`");
  });

  it("finds a port of another protocol", () => {
    const [finding] = portFindings("[{port: 53, protocol: UDP}]", "ports: [{containerPort: 53}]");
    expect(finding?.message).to.include("UDP port 53").and.to.include("for TCP only");
  });

  it("looks at sidecars, and not at init containers", () => {
    const withInit = (policy: string) =>
      documents(
        serviceText("{app: web}", "[{port: 9090}]"),
        deploymentText({
          pod: [`initContainers: [{name: i, ${policy} ports: [{containerPort: 9090}]}]`],
          container: ["ports: [{containerPort: 80}]"],
        }),
      );
    expect(findingsIn(withInit("restartPolicy: Always,"), "service-target-port")).to.deep.equal([]);
    expect(findingsIn(withInit(""), "service-target-port")).to.have.length(1);
  });
});
