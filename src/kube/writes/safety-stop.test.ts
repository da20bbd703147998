import { expect } from "chai";
import { ApiError, ConflictError, ConnectionError } from "../connection/api-error.ts";
import { rollbackTimesWith } from "./rollback-times.ts";
import { SafetyStop, SafetyStopError } from "./safety-stop.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const MINUTE_MS = 60_000;

function aDeployment(rollbackTimes?: string, uid = "uid-1") {
  const annotations = rollbackTimes === undefined ? {} : { "rolloutguard.io/rollback-times": rollbackTimes };
  return { metadata: { namespace: "shop", name: "checkout", uid, annotations } };
}

/** Tries so many times, a minute apart. Resolves with how many were sent. */
async function sentOf(
  tries: number,
  stop: SafetyStop,
  { allowed = 3, error, uid }: { allowed?: number; error?: Error; uid?: string } = {},
): Promise<number> {
  let sent = 0;
  for (let i = 0; i < tries; i++) {
    const patch = async () => {
      sent += 1;
      if (error) throw error;
    };
    await stop.send(aDeployment(undefined, uid), allowed, NOW + i * MINUTE_MS, patch).catch(() => {});
  }
  return sent;
}

describe("the safety stop", () => {
  it("sends six rollbacks of a workload within an hour, and no more, whatever is decided", async () => {
    const stop = new SafetyStop();
    expect(await sentOf(20, stop)).to.equal(6);
    expect(stop.stoppedUntil("uid-1", NOW + 20 * MINUTE_MS)).to.equal(NOW + 60 * MINUTE_MS);
    expect(stop.stoppedUntil("uid-1", NOW + 61 * MINUTE_MS)).to.equal(undefined);
  });

  it("sends one more when the first of them is an hour old", async () => {
    const stop = new SafetyStop();
    await sentOf(6, stop);
    let sent = 0;
    const later = (at: number) =>
      stop.send(aDeployment(), 3, at, async () => {
        sent += 1;
      });
    await later(NOW + 60 * MINUTE_MS);
    const error: unknown = await later(NOW + 60 * MINUTE_MS).catch((failure: unknown) => failure);
    expect(error).to.be.instanceOf(SafetyStopError);
    expect(sent).to.equal(1);
  });

  it("counts each workload by itself, and lets a guard allow more", async () => {
    const stop = new SafetyStop();
    expect(await sentOf(8, stop)).to.equal(6);
    expect(await sentOf(8, stop, { uid: "uid-2" })).to.equal(6);
    expect(await sentOf(20, new SafetyStop(), { allowed: 12 })).to.equal(12);
  });

  it("counts what may have been carried out, and nothing that was refused", async () => {
    expect(await sentOf(20, new SafetyStop(), { error: new ConnectionError("PATCH", "reset") })).to.equal(6);
    expect(await sentOf(20, new SafetyStop(), { error: new ApiError("PATCH", 500, {}) })).to.equal(6);
    expect(await sentOf(20, new SafetyStop(), { error: new ConflictError("changed") })).to.equal(20);
    expect(await sentOf(20, new SafetyStop(), { error: new ApiError("PATCH", 403, {}) })).to.equal(20);
  });

  it("knows from the workload itself what another process has sent", async () => {
    let times: string | undefined;
    let sent = 0;
    for (let i = 0; i < 20; i++) {
      const deployment = aDeployment(times);
      const at = NOW + i * MINUTE_MS;
      const patch = async () => {
        sent += 1;
        times = rollbackTimesWith(deployment, at);
      };
      await new SafetyStop().send(deployment, 3, at, patch).catch(() => {});
    }
    expect(sent).to.equal(6);
  });

  it("takes any text for the times of rollbacks, and believes none that lies ahead", async () => {
    const ahead = Array.from({ length: 9 }, () => "2030-01-01T00:00:00Z").join(",");
    for (const text of ["", "soon", ",,,", ahead, "x".repeat(250_000)]) {
      let sent = 0;
      await new SafetyStop().send(aDeployment(text), 3, NOW, async () => {
        sent += 1;
      });
      expect(sent).to.equal(1);
    }
  });
});
