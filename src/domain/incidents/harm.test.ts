import { expect } from "chai";
import { labels } from "../testing/a-template.ts";
import { anIncident } from "../testing/an-incident.ts";
import { andService, changing, withOldReferences, withService, withStatus } from "../testing/facts.ts";
import { earlier, later, minutes, seconds } from "../testing/instants.ts";
import { aRollout, type Fact } from "../testing/scene.ts";
import { snapshotOf } from "../testing/snapshot-of.ts";
import { harmUntil } from "./harm.ts";

/** Its three endpoints were two after ten seconds, none after twenty, and all again after half a minute. */
const outage = withService({
  changes: [
    { at: earlier(minutes(5)), ready: 3 },
    { at: later(seconds(10)), ready: 2 },
    { at: later(seconds(20)), ready: 0 },
    { at: later(seconds(30)), ready: 3 },
  ],
});

function harm(untilMs: number, facts: readonly Fact[], incident = anIncident()): number {
  return harmUntil(snapshotOf(aRollout(...facts)), incident, incident.status, later(untilMs));
}

describe("the harm of an Incident", () => {
  it("is the endpoint-seconds that a Service lost since the rollout began", () => {
    expect(harm(minutes(2), [outage])).to.equal(10 * 1 + 10 * 3);
    expect(harm(seconds(25), [outage])).to.equal(10 * 1 + 5 * 3);
    expect(harm(minutes(2), [])).to.equal(0);
  });

  it("is added up from what is recorded, from the last entry of the timeline on", () => {
    const known = anIncident({ phase: "Verifying", notedAt: later(seconds(25)) });
    const status = known.status && { ...known.status, lostEndpointSeconds: 25 };
    const incident = { ...known, ...(status && { status }) };
    expect(harm(minutes(2), [outage], incident)).to.equal(25 + 5 * 3);
    expect(harm(seconds(25), [outage], incident)).to.equal(25);
  });

  it("sums over the Services, and leaves out one that never served", () => {
    const both = withStatus({
      services: [
        { name: "checkout", endpoints: 3 },
        { name: "internal", endpoints: 1 },
      ],
    });
    const changes = [
      { at: earlier(minutes(5)), ready: 1 },
      { at: later(seconds(50)), ready: 0 },
      { at: later(seconds(57)), ready: 1 },
    ];
    const internal = andService("internal", { selector: { app: "checkout" }, changes });
    const metrics = andService("metrics", { selector: { app: "checkout" }, changes });
    expect(harm(minutes(2), [outage, internal, metrics, both])).to.equal(40 + 7);
  });

  it("does not count what the Service of one version hands over to that of the next", () => {
    const [v1, v2] = [
      { app: "checkout", version: "v1" },
      { app: "checkout", version: "v2" },
    ];
    const handing = (ready: number, then: number) => ({
      readyEndpoints: then,
      changes: [
        { at: earlier(minutes(5)), ready },
        { at: later(seconds(10)), ready: then },
      ],
    });
    const facts = [
      changing(labels(v2)),
      withOldReferences(labels(v1)),
      andService("checkout-v1", { selector: v1, ...handing(3, 0) }),
      andService("checkout-v2", { selector: v2, ...handing(0, 3) }),
      withStatus({ services: [{ name: "checkout-v1", endpoints: 3 }] }),
    ];
    expect(harm(minutes(2), facts)).to.equal(0);
  });
});
