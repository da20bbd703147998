import { expect } from "chai";
import { rawEvent } from "../testing/raw-objects.ts";
import { projectEvent } from "./event.ts";

const EVENT = rawEvent("e", "Pod", "p", { lastTimestamp: "2026-03-01T10:00:10Z" });

describe("projectEvent", () => {
  it("takes Warnings about Deployments, ReplicaSets and pods, and nothing else", () => {
    expect(projectEvent(EVENT)).to.deep.include({ reason: "Unhealthy", count: 1 });
    expect(projectEvent({ ...EVENT, type: "Normal" })).to.equal(undefined);
    expect(projectEvent(rawEvent("e", "Node", "n"))).to.equal(undefined);
  });

  it("takes the time of the series, then the last, then the first one it finds", () => {
    const at = (more: object) => new Date(projectEvent({ ...EVENT, ...more })?.lastAt ?? 0).toISOString();
    const series = { count: 7, lastObservedTime: "2026-03-01T10:05:00.000000Z" };
    expect(at({ series })).to.match(/10:05:00/);
    expect(at({})).to.match(/10:00:10/);
    expect(at({ lastTimestamp: null, eventTime: "2026-03-01T10:00:03.000000Z" })).to.match(/10:00:03/);
    expect(at({ lastTimestamp: null, eventTime: null }), "the creation").to.match(/10:00:00/);
    expect(projectEvent({ ...EVENT, series })?.count).to.equal(7);
  });
});
