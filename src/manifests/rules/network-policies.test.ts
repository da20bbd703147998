import { expect } from "chai";
import { deploymentText, documents, findingsIn, serviceText } from "../testing/lint-text.ts";

const ID = "network-policy-callers";
const API = deploymentText({ name: "api", container: ["ports: [{containerPort: 8080, name: http}]"] });
const SERVICE = serviceText("{app: api}", "[{port: 80, targetPort: 8080}]", "api");
const caller = (value: string) =>
  deploymentText({ name: "web", container: [`env: [{name: API, value: "${value}"}]`] });

function policy(ingress: string, more = ""): string {
  return `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: guard${more}}
spec: {podSelector: {matchLabels: {app: api}}, policyTypes: [Ingress], ingress: ${ingress}}`;
}

const FROM_GATEWAY = "[{from: [{podSelector: {matchLabels: {app: gateway}}}]}]";

function found(...texts: readonly string[]) {
  return findingsIn(documents(API, SERVICE, ...texts), ID);
}

describe("rule network-policy-callers", () => {
  it("finds a caller whose variable is the Service's address, and says what to add", () => {
    const [finding] = found(caller("http://api:80/v1"), policy(FROM_GATEWAY));
    expect(finding).to.include({ severity: "error", kind: "NetworkPolicy", name: "guard" });
    expect(finding?.message).to.include("Deployment web (app=web)").and.to.include("its variable API");
    expect(finding?.message).to.not.include("http://");
    expect(finding?.fix).to.include("- {podSelector: {matchLabels: {app: web}}}");
  });

  it("is only a warning when a setting is no more than the Service's name", () => {
    expect(found(caller("api"), policy(FROM_GATEWAY))[0]).to.include({ severity: "warning" });
  });

  it("knows the ways to write an address, and does not take longer names for it", () => {
    for (const value of ["api:80", "postgres://u:p@api/db", "api.default.svc", "x=http://api/"]) {
      expect(found(caller(value), policy(FROM_GATEWAY)), value).to.have.length(1);
    }
    for (const value of ["http://my-api/", "http://api-v2:80", "https://api.example.com/", "apiserver"]) {
      expect(found(caller(value), policy(FROM_GATEWAY)), value).to.deep.equal([]);
    }
  });

  it("lets pass who is admitted: by label, by an empty peer, by an open rule", () => {
    for (const ingress of [
      "[{from: [{podSelector: {matchLabels: {app: web}}}]}]",
      "[{from: [{podSelector: {}}]}]",
      "[{from: [{podSelector: {matchExpressions: [{key: app, operator: In, values: [web, x]}]}}]}]",
      "[{from: [{namespaceSelector: {}}]}]",
      "[{}]",
    ]) {
      expect(found(caller("http://api"), policy(ingress)), ingress).to.deep.equal([]);
    }
  });

  it("counts the policies together", () => {
    const other = policy("[{from: [{podSelector: {matchLabels: {app: web}}}]}]", "2");
    expect(found(caller("http://api"), policy(FROM_GATEWAY), other)).to.deep.equal([]);
    expect(found(caller("http://api"), policy("[]"))).to.have.length(1);
  });

  it("does not guess where an address or the labels of a namespace decide", () => {
    for (const peer of ["ipBlock: {cidr: 10.0.0.0/8}", "namespaceSelector: {matchLabels: {team: x}}"]) {
      expect(found(caller("http://api"), policy(`[{from: [{${peer}}]}]`)), peer).to.deep.equal([]);
    }
  });

  it("looks at ports by number, range and name", () => {
    const onPort = (port: string) => policy(`[{ports: [${port}], from: [{podSelector: {}}]}]`);
    for (const port of ["{port: 8080}", "{port: http}", "{port: 8000, endPort: 8100}", "{protocol: TCP}"]) {
      expect(found(caller("http://api"), onPort(port)), port).to.deep.equal([]);
    }
    for (const port of ["{port: 80}", "{port: grpc}", "{port: 8080, protocol: UDP}"]) {
      expect(found(caller("http://api"), onPort(port)), port).to.have.length(1);
    }
  });

  it("takes the word of an annotation, by name or by labels, also from another namespace", () => {
    const service = (callers: string) =>
      serviceText(
        "{app: api}",
        "[{port: 80, targetPort: 8080}]",
        "api",
        `, annotations: {rolloutguard.io/callers: "${callers}"}`,
      );
    const messages = (callers: string) =>
      findingsIn(documents(API, service(callers), policy(FROM_GATEWAY)), ID).map(({ message }) => message);
    expect(messages("app=batch,tier=jobs; app=gateway").join()).to.include("a pod with app=batch,tier=jobs");
    expect(messages("app=gateway")).to.deep.equal([]);
    expect(messages("shop:app=gateway")).to.have.length(1);
  });

  it("says when the declared caller is nowhere here", () => {
    const [finding] = findingsIn(documents(API, SERVICE, policy(FROM_GATEWAY)), ID, {
      callers: { api: "wbe" },
    });
    expect(finding).to.include({ severity: "warning", kind: "Service" });
    expect(finding?.message).to.include("the workload wbe, which is not among");
  });

  it("takes the word of a flag", () => {
    const found = findingsIn(documents(API, SERVICE, caller("x"), policy(FROM_GATEWAY)), ID, {
      callers: { api: "web" },
    });
    expect(found[0]?.message).to.include("Deployment web").and.to.include("as is declared");
  });

  it("finds a caller that may not connect out", () => {
    const egress = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: out}
spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: db}}}]}]}`;
    const [finding] = found(caller("http://api"), egress);
    expect(finding).to.include({ name: "out" });
    expect(finding?.fix).to.include("spec.egress[].to").and.to.include("{app: api}");
  });

  it("finds the caller even when the Service selects no pods yet", () => {
    const lost = serviceText("{app: api, tier: backend}", "[{port: 80, targetPort: 8080}]", "api");
    const text = documents(API, lost, caller("http://api"), policy(FROM_GATEWAY));
    expect(
      findingsIn(text)
        .filter(({ severity }) => severity === "error")
        .map(({ rule }) => rule),
    ).to.have.members(["service-selector", ID]);
  });

  it("reads addresses from ConfigMaps too", () => {
    const web = deploymentText({ name: "web", container: ["envFrom: [{configMapRef: {name: c}}]"] });
    const map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {API_URL: 'http://api:80'}";
    expect(found(web, map, policy(FROM_GATEWAY))[0]?.message).to.include("variable API_URL");
  });
});
