import { expect } from "chai";
import { z } from "zod";
import { rolloutGuardSpecSchema } from "./rollout-guard.ts";

const target = { name: "checkout-service" };

/** What is said about a spec: nothing, or field and message of each mistake. */
function complaintsAbout(spec: object): string[] {
  const { error } = rolloutGuardSpecSchema.safeParse(spec);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

describe("rolloutGuardSpecSchema", () => {
  it("completes a spec that names only its target", () => {
    expect(rolloutGuardSpecSchema.parse({ target })).to.deep.equal({
      target: { kind: "Deployment", name: "checkout-service" },
      mode: "Rollback",
      freeze: "OnSuspicion",
      bakeTime: "5m",
      rollbackTo: "LastGood",
      checks: {
        crashLoop: { enabled: true, restarts: 2, patience: "Auto" },
        imagePull: { enabled: true, patience: "Auto" },
        configError: { enabled: true, patience: "Auto" },
        createFailed: { enabled: true, patience: "Auto" },
        unschedulable: { enabled: true, patience: "Auto" },
        readiness: { enabled: true, patience: "Auto" },
        emptyEndpoints: { enabled: true, for: "Auto" },
        podRejected: { enabled: true, patience: "Auto" },
        progressDeadline: { enabled: true },
        degraded: { enabled: true, for: "Auto" },
        knownBad: { enabled: true },
      },
      limits: { maxRollbacks: 3, window: "1h", cooldown: "5m" },
      evidence: { logs: false },
      incidentHistoryLimit: 20,
    });
  });

  it("completes the neighbours of a field that is set", () => {
    const { checks } = rolloutGuardSpecSchema.parse({ target, checks: { imagePull: { enabled: false } } });
    expect(checks.imagePull).to.deep.equal({ enabled: false, patience: "Auto" });
    expect(checks.crashLoop.restarts).to.equal(2);
  });

  it("drops what it does not know, as the API server does", () => {
    expect(rolloutGuardSpecSchema.parse({ target, unknown: 1 })).not.to.have.property("unknown");
  });

  it("takes numbers and names, percentages and statuses with or without quotation marks", () => {
    const { checks } = rolloutGuardSpecSchema.parse({
      target,
      checks: {
        metrics: [{ name: "depth", query: "max(depth)", min: "0.5", max: 1000 }],
        http: [{ name: "api", port: 8080, expect: { status: 204 } }],
      },
    });
    expect(checks.metrics?.[0]).to.deep.include({ min: "0.5", max: 1000, interval: "15s" });
    expect(checks.http?.[0]).to.deep.include({ port: 8080, expect: { status: 204 }, path: "/" });
  });

  for (const [spec, complaint] of [
    [
      { target, checks: { metrics: [{ name: "errors", ratio: { bad: "b", total: "t" }, max: "lots" }] } },
      'checks.metrics.0.max: must be a percentage, for example 5%, or a number: 1000, or "0.25" in quotation marks',
    ],
    [
      { target, checks: { http: [{ name: "api", expect: { status: "2xx" } }] } },
      "checks.http.0.expect.status: must be a status or a range of them, for example 200-399",
    ],
    [
      { target, checks: { http: [{ name: "api", port: "a/b" }] } },
      "checks.http.0.port: must be the name or the number of a container port, for example http or 8080",
    ],
    [
      { target, limits: { maxRollbacks: 0 } },
      "limits.maxRollbacks: must be at least 1; to record Incidents without rolling back, use mode: Observe",
    ],
    [{ target, bakeTime: "1s" }, "bakeTime: must be from 10s to 24h, for example 5m"],
    [{ target, bakeTime: "25h" }, "bakeTime: must be from 10s to 24h, for example 5m"],
    [{ target, limits: { window: "0s" } }, "limits.window: must be from 1s to 720h, for example 1h"],
    [
      { target, checks: { readiness: { patience: "2h" } } },
      "checks.readiness.patience: must be Auto, or from 1s to 1h, for example 90s",
    ],
    [{ target, services: ["a", "a"] }, "services: must list each Service once; remove the duplicate"],
    [
      { target: { name: "deployment/a" } },
      "target.name: must be the Deployment's name alone, as kubectl get shows it: lower case letters, digits, '-' and '.'",
    ],
  ] as const) {
    it(`refuses ${JSON.stringify(spec)} with what to write instead`, () => {
      expect(complaintsAbout(spec)).to.deep.equal([complaint]);
    });
  }

  it("says one thing about what is no duration at all", () => {
    expect(complaintsAbout({ target, bakeTime: "5 minutes" })).to.have.length(1);
  });

  it("refuses what no schema of ours is for", () => {
    for (const spec of [
      {},
      { target: {} },
      { target: { ...target, kind: "DaemonSet" } },
      { target, mode: "Auto" },
    ]) {
      expect(complaintsAbout(spec), JSON.stringify(spec)).to.have.length.above(0);
    }
  });

  it("gives mistakes that can be printed for a person", () => {
    const { error } = rolloutGuardSpecSchema.safeParse({ target, limits: { maxRollbacks: 0 } });
    expect(error && z.prettifyError(error)).to.contain("use mode: Observe\n  → at limits.maxRollbacks");
  });
});
