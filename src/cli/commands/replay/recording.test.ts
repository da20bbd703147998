import { expect } from "chai";
import { parseRecording, RecordingError } from "./recording.ts";

const NOON = Date.parse("2026-03-02T12:00:00Z");

/** A line about a pod, created and ready so many seconds after noon. */
function podLine(
  t: number,
  type: string,
  pod: { uid: string; createdAfter: number; readyAfter?: number },
): object {
  const written = (seconds: number) => new Date(NOON + seconds * 1_000).toISOString().replace(".000Z", "Z");
  const conditions =
    pod.readyAfter === undefined ? [] : [{ type: "Ready", lastTransitionTime: written(pod.readyAfter) }];
  const metadata = { name: pod.uid, uid: pod.uid, creationTimestamp: written(pod.createdAfter) };
  return { t, resource: "pods", type, object: { metadata, status: { conditions } } };
}

function recordingOf(...lines: readonly object[]) {
  return parseRecording("some", lines.map((line) => JSON.stringify(line)).join("\n"));
}

describe("a recording", () => {
  it("begins when the objects that came while it ran say, to half a second", () => {
    const lines = [podLine(3.2, "ADDED", { uid: "a", createdAfter: 3 })];
    expect(recordingOf(...lines).beganAt).to.equal(NOON - 200 + 500);
  });

  it("is not misled by objects that a watch adds a second time", () => {
    const again = [20, 21, 22].map((t) => podLine(t, "ADDED", { uid: "a", createdAfter: 3 }));
    const { beganAt } = recordingOf(podLine(3, "ADDED", { uid: "a", createdAfter: 3 }), ...again);
    expect(beganAt).to.equal(NOON + 500);
  });

  it("in which nothing is created begins so that nothing is seen before it happens", () => {
    const pod = { uid: "a", createdAfter: -90 };
    const { beganAt } = recordingOf(
      podLine(0, "LIST", { ...pod, readyAfter: -80 }),
      podLine(30.1, "MODIFIED", { ...pod, readyAfter: 30 }),
      podLine(75.5, "MODIFIED", { ...pod, readyAfter: 75 }),
    );
    expect(beganAt).to.equal(NOON - 100);
  });

  it("may begin with a byte order mark", () => {
    expect(parseRecording("some", '\uFEFF{"t": 1, "mark": "x"}').lines).to.have.length(1);
  });

  it("is refused with the line that is not JSON, or has no time, or no sensible one", () => {
    const refused = (text: string) => () => parseRecording("some", text);
    expect(refused('{"t": 1, "mark": "x"}\n{"t": 2, "ma')).to.throw(RecordingError, "some, line 2: not JSON");
    expect(refused('{"t": "1"}')).to.throw(RecordingError, 'line 1: expected {"t": <seconds>, …}');
    expect(refused('{"t": 1793264044000, "mark": "x"}')).to.throw(RecordingError, "expected seconds since");
    expect(refused("\n")).to.throw(RecordingError, "no lines");
  });

  it("keeps answers apart from what was seen, and refuses one without key or value", () => {
    const answer = { key: "podEvents", value: [] };
    const { lines, answers } = recordingOf({ t: 3, answer }, { t: 0, mark: "begun" });
    expect(lines).to.have.length(1);
    expect(answers).to.deep.equal([{ t: 3, key: "podEvents", answer: { value: [] } }]);
    for (const wrong of [{ key: "podEvents" }, { value: 1 }, "podEvents"])
      expect(() => recordingOf({ t: 3, answer: wrong })).to.throw(RecordingError, 'expected "answer"');
  });

  it("leaves out resources that nobody here looks at", () => {
    const widget = { t: 1, resource: "widgets", type: "ADDED", object: {} };
    expect(recordingOf({ t: 0, mark: "begun" }, widget).lines).to.have.length(1);
  });
});
