import { expect } from "chai";
import type { RawObject } from "../objects.ts";
import { rawEvent } from "../testing/raw-objects.ts";
import { projectEvent, projectWarning } from "./event.ts";

const EVENT = rawEvent("e", "Pod", "p", { lastTimestamp: "2026-03-01T10:00:10Z" });

const KINDS = new Set(["Pod"]);
const project = (object: RawObject) => projectEvent(object, KINDS);

describe("projectEvent", () => {
  it("takes Warnings about objects of those kinds, and nothing else, into the caches", () => {
    const warning = (object: RawObject) => projectWarning(object, KINDS);
    expect(warning(EVENT)).to.deep.include({ type: "Warning", reason: "Unhealthy", count: 1 });
    expect(warning({ ...EVENT, type: "Normal" })).to.equal(undefined);
    expect(warning(rawEvent("e", "Node", "n"))).to.equal(undefined);
  });

  it("takes Normal ones too where they are asked for", () => {
    expect(project({ ...EVENT, type: "Normal" })).to.deep.include({ type: "Normal", count: 1 });
    expect(project(rawEvent("e", "Node", "n"))).to.equal(undefined);
  });

  it("takes the first time from the Event, and none where it says none", () => {
    const first = (more: object) => project({ ...EVENT, ...more })?.firstAt;
    const firstTimestamp = "2026-03-01T10:00:01Z";
    expect(first({ firstTimestamp })).to.equal(Date.parse(firstTimestamp));
    expect(first({ firstTimestamp: null, eventTime: firstTimestamp })).to.equal(Date.parse(firstTimestamp));
    expect(first({ firstTimestamp: null, eventTime: null })).to.equal(undefined);
  });

  it("takes the time of the series, then the last, then the first one it finds", () => {
    const at = (more: object) => new Date(project({ ...EVENT, ...more })?.lastAt ?? 0).toISOString();
    const series = { count: 7, lastObservedTime: "2026-03-01T10:05:00.000000Z" };
    expect(at({ series })).to.match(/10:05:00/);
    expect(at({})).to.match(/10:00:10/);
    expect(at({ lastTimestamp: null, eventTime: "2026-03-01T10:00:03.000000Z" })).to.match(/10:00:03/);
    expect(at({ lastTimestamp: null, eventTime: null }), "the creation").to.match(/10:00:00/);
    expect(project({ ...EVENT, series })?.count).to.equal(7);
  });
});
