import { expect } from "chai";
import { deploymentText, documents, findingsIn, serviceText } from "../testing/lint-text.ts";

function probeFindings(rule: string, container: readonly string[], pod: readonly string[] = []) {
  return findingsIn(deploymentText({ container, pod }), rule);
}

const HTTP_80 = "readinessProbe: {httpGet: {path: /healthz, port: 80}}";

describe("rule probe-port", () => {
  it("is content with the container's own port, by number or name, and with commands", () => {
    expect(probeFindings("probe-port", ["ports: [{containerPort: 80}]", HTTP_80])).to.deep.equal([]);
    const named = "livenessProbe: {tcpSocket: {port: web}}";
    expect(probeFindings("probe-port", ["ports: [{containerPort: 80, name: web}]", named])).to.deep.equal([]);
    expect(probeFindings("probe-port", ["readinessProbe: {exec: {command: [true]}}"])).to.deep.equal([]);
    expect(probeFindings("probe-port", [HTTP_80])).to.deep.equal([]);
  });

  it("finds a port that the container does not declare, and says which it does", () => {
    const [finding] = probeFindings("probe-port", ["ports: [{containerPort: 8080}]", HTTP_80]);
    expect(finding).to.include({ severity: "error" });
    expect(finding?.message).to.include("asks port 80, but the container declares only 8080");
    expect(finding?.fix).to.include("`port: 8080`");
  });

  it("only mentions a port that all of several probes agree on: health may have a server of its own", () => {
    const liveness = HTTP_80.replace("readiness", "liveness");
    const found = probeFindings("probe-port", ["ports: [{containerPort: 8080}]", HTTP_80, liveness]);
    expect(found.map(({ severity }) => severity)).to.deep.equal(["info", "info"]);
  });

  it("finds a name that no port of the container has, even when another container has it", () => {
    const [finding] = probeFindings(
      "probe-port",
      ["ports: [{containerPort: 8080, name: http}]", "startupProbe: {grpc: {port: 1}, httpGet: {port: htp}}"],
      ["initContainers: [{name: s, restartPolicy: Always, ports: [{containerPort: 1, name: htp}]}]"],
    );
    expect(finding?.message).to.include("a name that is no port of this container");
    expect(finding?.fix).to.equal("Write `port: http`.");
  });

  it("mentions only as information that the port is another container's", () => {
    const [finding] = probeFindings(
      "probe-port",
      ["ports: [{containerPort: 8080}]", HTTP_80],
      ["initContainers: [{name: proxy, restartPolicy: Always, ports: [{containerPort: 80}]}]"],
    );
    expect(finding).to.include({ severity: "info" });
  });

  it("lets a container be asked on a port of its own for health", () => {
    const text = documents(
      serviceText("{app: web}", "[{port: 80, targetPort: 8080}]"),
      deploymentText({
        container: [
          "ports: [{containerPort: 8080}, {containerPort: 8081}]",
          "readinessProbe: {httpGet: {port: 8081}}",
        ],
      }),
    );
    expect(findingsIn(text, "probe-port")).to.deep.equal([]);
  });
});

describe("rule probe-path", () => {
  const probes = (readiness: string, liveness: string) =>
    probeFindings("probe-path", [
      `readinessProbe: {httpGet: {path: "${readiness}", port: 1}}`,
      `livenessProbe: {httpGet: {path: "${liveness}", port: 1}}`,
    ]);

  it("is content with different words and with the same one", () => {
    expect(probes("/ready", "/health")).to.deep.equal([]);
    expect(probes("/livez", "/readyz")).to.deep.equal([]);
    expect(probes("/healthz", "/healthz")).to.deep.equal([]);
    expect(probes("/health/live", "/health/ready")).to.deep.equal([]);
  });

  it("finds two paths that are nearly the same", () => {
    const found = probes("/healthz", "/healtz");
    expect(found).to.have.length(1);
    expect(found[0]?.message).to.include("/healtz").and.to.include("/healthz");
  });

  it("finds whole addresses and blanks", () => {
    expect(probes("http://localhost/healthz", "/x")[0]?.fix).to.include("path alone");
    expect(probes("/health ", "/x")[0]?.message).to.include("blanks");
  });
});

describe("rule probe-timing", () => {
  it("finds a liveness probe that kills early, unless a startup probe holds it back", () => {
    const liveness = "livenessProbe: {tcpSocket: {port: 1}, periodSeconds: 5}";
    expect(probeFindings("probe-timing", [liveness])[0]?.message).to.include("10 s after");
    expect(probeFindings("probe-timing", [liveness, "startupProbe: {tcpSocket: {port: 1}}"])).to.deep.equal(
      [],
    );
    expect(probeFindings("probe-timing", ["livenessProbe: {tcpSocket: {port: 1}}"])).to.deep.equal([]);
  });

  it("mentions a short delay that somebody chose, not the default", () => {
    const delay = (seconds: string) => `readinessProbe: {tcpSocket: {port: 1}${seconds}}`;
    expect(probeFindings("probe-timing", [delay(", initialDelaySeconds: 2")])[0]).to.include({
      severity: "info",
    });
    expect(probeFindings("probe-timing", [delay("")])).to.deep.equal([]);
  });
});

describe("rule probe-timing of other kinds", () => {
  it("finds a startup probe that kills early, and a liveness probe that kills before readiness first asks", () => {
    const impatient = "startupProbe: {tcpSocket: {port: 1}, periodSeconds: 2, failureThreshold: 3}";
    expect(probeFindings("probe-timing", [impatient])[0]).to.include({ severity: "warning" });
    const [never] = probeFindings("probe-timing", [
      "livenessProbe: {tcpSocket: {port: 1}, initialDelaySeconds: 10}",
      "readinessProbe: {tcpSocket: {port: 1}, initialDelaySeconds: 60}",
    ]);
    expect(never?.message).to.include("never succeeds");
  });

  it("mentions a timeout above the period, of any probe", () => {
    const probe = (timeout: number) =>
      `livenessProbe: {tcpSocket: {port: 1}, periodSeconds: 10, timeoutSeconds: ${timeout}}`;
    expect(probeFindings("probe-timing", [probe(20)])[0]).to.include({ severity: "info" });
    expect(probeFindings("probe-timing", [probe(10)])).to.deep.equal([]);
  });
});

describe("rule missing-startup-probe", () => {
  const liveness = (delay: number) => `livenessProbe: {tcpSocket: {port: 1}, initialDelaySeconds: ${delay}}`;

  it("mentions a liveness probe that does not wait for a slow start", () => {
    expect(probeFindings("missing-startup-probe", [liveness(5)])[0]).to.include({ severity: "info" });
    expect(probeFindings("missing-startup-probe", [liveness(120)])).to.deep.equal([]);
    expect(
      probeFindings("missing-startup-probe", [liveness(5), "startupProbe: {tcpSocket: {port: 1}}"]),
    ).to.deep.equal([]);
  });
});

describe("rule liveness-equals-readiness", () => {
  const pair = (liveness: string) =>
    probeFindings("liveness-equals-readiness", [
      "readinessProbe: {httpGet: {path: /healthz, port: 80}, periodSeconds: 5}",
      `livenessProbe: {httpGet: {port: 80, path: ${liveness}}`,
    ]);

  it("finds the same question with no more patience", () => {
    expect(pair("/healthz}, periodSeconds: 5")).to.have.length(1);
  });

  it("is content with more patience, or another question", () => {
    expect(pair("/healthz}, periodSeconds: 10")).to.deep.equal([]);
    expect(pair("/livez}, periodSeconds: 5")).to.deep.equal([]);
  });
});

describe("rules for missing probes", () => {
  it("warn of a missing readiness probe where a Service sends, and only there", () => {
    const service = serviceText("{app: web}", "[{port: 80}]");
    const web = deploymentText({ container: ["ports: [{containerPort: 80}]"] });
    const worker = deploymentText({ name: "worker" });
    const found = findingsIn(documents(service, web, worker), "missing-readiness-probe");
    expect(found.map(({ name, severity }) => [name, severity])).to.deep.equal([
      ["web", "warning"],
      ["worker", "info"],
    ]);
  });

  it("say nothing of jobs", () => {
    const job =
      "apiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\nspec: {template: {spec: {containers: [{name: a, ports: [{containerPort: 1}]}]}}}";
    expect(findingsIn(job, "missing-readiness-probe")).to.deep.equal([]);
    expect(findingsIn(job, "missing-liveness-probe")).to.deep.equal([]);
  });

  it("tell of a missing liveness probe as information", () => {
    const web = deploymentText({ container: ["ports: [{containerPort: 80}]", HTTP_80] });
    expect(findingsIn(web, "missing-liveness-probe")[0]).to.include({ severity: "info" });
  });
});
