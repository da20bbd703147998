// Which recorded rollouts would have been paused: none in which nothing is suspicious, however slow it is.
import { expect } from "chai";
import { defaultGuard, recordedDeployment } from "../src/cli/commands/replay/guard-file.ts";
import type { Recording } from "../src/cli/commands/replay/recording.ts";
import { replay } from "../src/cli/commands/replay/replay.ts";
import { FIELD_LABELS, FIELD_RECORDINGS } from "./testing/field-cases.ts";
import { LABELS, RECORDINGS } from "./testing/recorded.ts";

/** They are right to be left alone, and crash at first, as no pod of the good revision did. */
const CRASH_AT_FIRST: ReadonlySet<string> = new Set(["field/waits-for-dependency"]);

function pausesIn(recording: Recording): readonly string[] {
  const { name, namespace } = recordedDeployment(recording, LABELS[recording.name]?.deployment);
  return replay(recording, defaultGuard(name), name, namespace).pauses.map(({ reason }) => reason);
}

function wantOf({ name }: Recording): string | undefined {
  return LABELS[name]?.want ?? FIELD_LABELS[name.replace("field/", "")]?.want;
}

describe("a pause of a recorded rollout", () => {
  const all = [...RECORDINGS, ...FIELD_RECORDINGS];
  const healthy = all.filter((recording) => wantOf(recording) === "nothing");

  it("has many healthy rollouts to be kept from", () => {
    expect(healthy.length).to.be.greaterThan(20);
  });

  for (const recording of healthy.filter(({ name }) => !CRASH_AT_FIRST.has(name))) {
    it(`is never made: ${recording.name}`, () => expect(pausesIn(recording)).to.deep.equal([]));
  }

  for (const recording of healthy.filter(({ name }) => CRASH_AT_FIRST.has(name))) {
    it(`is made for its crashes, and nothing else: ${recording.name}`, () => {
      expect(new Set(pausesIn(recording))).to.deep.equal(new Set(["CrashLooping"]));
    });
  }

  it("is made where the Service will not select the new pods", () => {
    const lost = RECORDINGS.find(({ name }) => name === "scenarios/selector-mismatch");
    expect(lost && pausesIn(lost)).to.include("EmptyEndpoints");
  });
});
