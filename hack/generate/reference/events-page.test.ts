import { expect } from "chai";
import type { EventToPublish } from "../../../src/domain/effects/effect.ts";
import * as events from "../../../src/domain/notices/events.ts";
import { GOOD } from "../../../src/domain/testing/a-revision.ts";
import { anIncident } from "../../../src/domain/testing/an-incident.ts";
import { PUBLISHED_EVENTS } from "./events-page.ts";

const incident = anIncident({ name: "checkout-1" });
const brake = { reason: "Cooldown", message: "it rolled back a minute ago" } as const;

const rollout = {
  workload: { kind: "Deployment", name: "checkout" },
  revision: GOOD,
  snapshot: { guard: { namespace: "shop" } },
} as const;

const MADE: Readonly<Record<keyof typeof events, EventToPublish>> = {
  rolledBack: events.rolledBack(incident, GOOD),
  workloadHeld: events.workloadHeld(incident, brake),
  guardHeld: events.guardHeld(incident, brake),
  workloadNotRecovered: events.workloadNotRecovered(incident, "No."),
  guardNotRecovered: events.guardNotRecovered(incident, "No."),
  guardRefused: events.guardRefused("No."),
  guardCannotWork: events.guardCannotWork("TargetNotFound", "No."),
  revisionGood: events.revisionGood("RolloutGood", "Yes."),
  rolloutFrozen: events.rolloutFrozen(rollout, "It is paused."),
  rolloutResumed: events.rolloutResumed(rollout),
  vetoSet: events.vetoSet("alice", "No."),
  vetoRemoved: events.vetoRemoved("alice", "No."),
};

describe("the page of Events", () => {
  it("says of each Event on what it is, of which type, and its reason where that is always the same", () => {
    expect(PUBLISHED_EVENTS).to.have.all.keys(Object.keys(MADE));
    for (const [name, event] of Object.entries(MADE)) {
      const { on, type, reason } = PUBLISHED_EVENTS[name as keyof typeof events];
      expect({ on, type }, name).to.deep.equal({ on: event.on, type: event.type });
      if (typeof reason === "string") expect(event.reason, name).to.equal(reason);
    }
  });
});
