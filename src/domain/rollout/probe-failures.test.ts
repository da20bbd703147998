import { expect } from "chai";
import type { EventView } from "../snapshot/event.ts";
import { aPod } from "../testing/a-pod.ts";
import { NEW } from "../testing/a-revision.ts";
import { later, seconds, T0 } from "../testing/instants.ts";
import { probeFailureOf } from "./probe-failures.ts";

const pod = aPod(NEW, 0, T0);

function unhealthy(message: string, changes: Partial<EventView> = {}): EventView {
  const involved = { kind: "Pod", name: pod.name, uid: pod.uid };
  return {
    type: "Warning",
    involved,
    reason: "Unhealthy",
    message,
    count: 1,
    lastAt: later(seconds(9)),
    ...changes,
  };
}

describe("probeFailureOf", () => {
  const kinds = {
    'Get "http://10.0.0.7:80/": dial tcp 10.0.0.7:80: connect: connection refused': "refused",
    'timeout: failed to connect service ":9000" within 1s': "refused",
    "HTTP probe failed with statuscode: 503": "unavailable",
    "HTTP probe failed with statuscode: 500": "httpError",
    "HTTP probe failed with statuscode: 404": "httpError",
    'Get "http://10.0.0.7/": context deadline exceeded (Client.Timeout exceeded)': "timeout",
    "command timed out": "timeout",
    'service unhealthy (responded with "NOT_SERVING")': "other",
  } as const;

  for (const [output, kind] of Object.entries(kinds)) {
    it(`takes "${output}" for ${kind}`, () => {
      expect(probeFailureOf(pod, [unhealthy(`Readiness probe failed: ${output}`)])?.kind).to.equal(kind);
    });
  }

  it("has the HTTP status", () => {
    expect(probeFailureOf(pod, [unhealthy("HTTP probe failed with statuscode: 500")])?.status).to.equal(500);
  });

  it("goes by the newest", () => {
    const old = unhealthy("connection refused");
    const recent = unhealthy("HTTP probe failed with statuscode: 500", { lastAt: later(seconds(20)) });
    expect(probeFailureOf(pod, [old, recent])?.kind).to.equal("httpError");
  });

  it("hears only of this pod, and only of probes", () => {
    const other = unhealthy("connection refused", { involved: { kind: "Pod", name: "other", uid: "other" } });
    const backOff = unhealthy("connection refused", { reason: "BackOff" });
    expect(probeFailureOf(pod, [other, backOff])).to.equal(undefined);
  });
});
