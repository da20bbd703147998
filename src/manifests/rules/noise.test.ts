import { expect } from "chai";
import { deploymentText, documents, findingsIn, serviceText } from "../testing/lint-text.ts";

describe("a port that is not declared", () => {
  const declared = "ports: [{containerPort: 9090}]";
  const map = (text: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: "${text}"}`;
  const severities = (
    container: readonly string[],
    pod: readonly string[] = [],
    ...others: readonly string[]
  ) =>
    findingsIn(
      documents(
        deploymentText({ container: [declared, ...container], pod }),
        serviceText("{app: web}", "[{port: 8080}]"),
        ...others,
      ),
      "service-target-port",
    ).map(({ severity }) => severity);

  it("is information where arguments, variables, a ConfigMap or all probes say that it is served", () => {
    expect(severities(['args: ["--listen=:8080"]'])).to.deep.equal(["info"]);
    expect(severities(["env: [{name: PORT, value: '8080'}]"])).to.deep.equal(["info"]);
    expect(severities([], ["volumes: [{name: v, configMap: {name: c}}]"], map("listen 8080;"))).to.deep.equal(
      ["info"],
    );
    const probes = ["readiness", "liveness"].map((kind) => `${kind}Probe: {tcpSocket: {port: 8080}}`);
    expect(severities(probes)).to.deep.equal(["info"]);
  });

  it("is an error where nothing says so", () => {
    expect(severities([])).to.deep.equal(["error"]);
    expect(severities(["env: [{name: PORT, value: '18080'}]"])).to.deep.equal(["error"]);
    expect(severities(["readinessProbe: {tcpSocket: {port: 8080}}"])).to.deep.equal(["error"]);
  });
});

describe("findings of several containers", () => {
  const two = deploymentText({ container: ["image: web", "ports: [{containerPort: 80}]"] }).concat(
    "\n        - name: side\n          image: side:latest\n          ports: [{containerPort: 81}]",
  );

  it("are one finding that names them", () => {
    for (const rule of ["image-tag", "missing-resources", "missing-readiness-probe"]) {
      const found = findingsIn(two, rule);
      expect(found, rule).to.have.length(1);
      expect(found[0]?.message).to.include("app").and.to.include("side");
    }
  });

  it("are information for what is not rolled out", () => {
    const pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a, image: a}]}";
    for (const rule of ["image-tag", "missing-resources"]) {
      expect(findingsIn(pod, rule)[0], rule).to.include({ severity: "info" });
    }
  });
});

describe("findings of what is taken several times, or meant to differ", () => {
  it("are one finding for an object, however many variables are taken from it", () => {
    const takes = (name: string) =>
      `{name: ${name}, valueFrom: {configMapKeyRef: {name: gone, key: ${name}}}}`;
    const web = deploymentText({ container: [`env: [${takes("A")}, ${takes("B")}]`] });
    expect(findingsIn(web, "missing-configuration")).to.have.length(1);
  });

  it("are information where each of two variants has variables of its own", () => {
    const inNamespace = (namespace: string, env: string) =>
      deploymentText({ namespace, container: [`env: ${env}`] });
    const severities = (other: string) =>
      findingsIn(documents(inNamespace("a", "[{name: A}]"), inNamespace("b", other)), "env-drift").map(
        ({ severity }) => severity,
      );
    expect(severities("[{name: B}]")).to.deep.equal(["info", "info"]);
    expect(severities("[{name: A}, {name: B}]")).to.deep.equal(["warning"]);
  });
});
