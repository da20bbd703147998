import { expect } from "chai";
import type { Container, Probe } from "../../api-server/kinds.ts";
import { applicationOf } from "../application.ts";
import { attemptProbe } from "./probe.ts";

describe("an attempt of a probe", () => {
  function outcome(probe: Probe, env: Record<string, string> = {}, runningMs = 60_000): string {
    const container: Container = {
      name: "app",
      image: "web:1",
      ports: [{ name: "http", containerPort: 8080 }],
    };
    const application = applicationOf(env, { starts: 0, isInit: false });
    const result = attemptProbe(probe, { container, application, podIP: "10.244.0.7", runningMs });
    return result.outcome === "success" ? "success" : `${result.outcome}: ${result.output}`;
  }
  const http = (more: object = {}): Probe => ({ httpGet: { path: "/healthz", port: 8080, ...more } });
  const DOWN = "dial tcp 10.244.0.7:8080: connect: connection refused";

  it("over HTTP takes 200 to 399 for success and tells any other status", () => {
    expect(outcome(http())).to.equal("success");
    expect(outcome(http(), { HEALTH: "399" })).to.equal("success");
    expect(outcome(http(), { HEALTH: "400" })).to.equal("failure: HTTP probe failed with statuscode: 400");
  });

  it("over HTTP names the URL of a connection that does not come about, with a slash before the path", () => {
    expect(outcome(http(), { START_DELAY: "70s" })).to.equal(
      `failure: Get "http://10.244.0.7:8080/healthz": ${DOWN}`,
    );
    expect(outcome(http({ path: "ready" }), { START_DELAY: "70s" })).to.contain(
      '"http://10.244.0.7:8080/ready"',
    );
  });

  it("finds a port by its name, and is impossible when there is no port of that name", () => {
    expect(outcome(http({ port: "http" }))).to.equal("success");
    expect(outcome(http({ port: "admin" }))).to.equal('error: strconv.Atoi: parsing "admin": invalid syntax');
  });

  it("goes to the host that it names", () => {
    expect(outcome(http({ host: "10.244.0.7" }))).to.equal("success");
    expect(outcome(http({ host: "localhost" }))).to.contain(
      "dial tcp 127.0.0.1:8080: connect: connection refused",
    );
    expect(outcome(http({ host: "web.example" }))).to.contain("lookup web.example: no such host");
  });

  it("notices when one side talks TLS and the other does not", () => {
    expect(outcome(http({ scheme: "HTTPS" }))).to.equal(
      'failure: Get "https://10.244.0.7:8080/healthz": http: server gave HTTP response to HTTPS client',
    );
    expect(outcome(http(), { TLS: "1" })).to.equal("failure: HTTP probe failed with statuscode: 400");
    expect(outcome(http({ scheme: "HTTPS" }), { TLS: "1" })).to.equal("success");
  });

  it("of a TCP port asks only whether somebody listens", () => {
    const probe = { tcpSocket: { port: "http" } };
    expect(outcome(probe, { HEALTH: "500", FAIL_AFTER: "1s" })).to.equal("success");
    expect(outcome(probe, { PORT: "80" })).to.equal(`failure: ${DOWN}`);
  });

  it("by command fails with the command's output, or for want of time", () => {
    const probe = { exec: { command: ["cat", "/tmp/ok"] }, timeoutSeconds: 2 };
    expect(outcome(probe)).to.equal("success");
    expect(outcome(probe, { EXEC_PROBE: "no such file" })).to.equal("failure: no such file");
    expect(outcome(probe, { HEALTH_DELAY: "2s" })).to.equal(
      'failure: command timed out: "cat /tmp/ok" timed out after 2s',
    );
  });

  it("over gRPC asks the health service", () => {
    const probe = { grpc: { port: 8080 } };
    expect(outcome(probe)).to.equal("success");
    expect(outcome(probe, { GRPC: "NOT_SERVING" })).to.equal(
      'failure: service unhealthy (responded with "NOT_SERVING")',
    );
    expect(outcome(probe, { GRPC: "UNIMPLEMENTED" })).to.contain(
      "does not implement the grpc health protocol",
    );
    expect(outcome(probe, { HEALTH_DELAY: "1s" })).to.equal(
      "failure: timeout: health rpc did not complete within 1s",
    );
    expect(outcome(probe, { PORT: "80" })).to.equal(
      'failure: timeout: failed to connect service "10.244.0.7:8080" within 1s: context deadline exceeded',
    );
  });

  it("finds an application ill from FAIL_AFTER on, and for FAIL_FOR only", () => {
    const env = { FAIL_AFTER: "10s", FAIL_FOR: "20s" };
    for (const [seconds, isWell] of [
      [9, true],
      [10, false],
      [29, false],
      [30, true],
    ] as const) {
      for (const probe of [http(), { exec: { command: ["true"] } }, { grpc: { port: 8080 } }]) {
        expect(outcome(probe, env, seconds * 1_000) === "success", `after ${seconds} s`).to.equal(isWell);
      }
    }
  });
});
