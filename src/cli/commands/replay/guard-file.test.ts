import { expect } from "chai";
import { recordedDeployment } from "./guard-file.ts";
import { parseRecording, RecordingError } from "./recording.ts";

interface Seen {
  readonly name: string;
  readonly type?: string;
  readonly generation?: number;
  readonly image?: string;
}

function recordingOf(...seen: readonly Seen[]) {
  const lines = seen.map(({ name, type = "MODIFIED", generation = 1, image = "app:1" }, t) => {
    const metadata = { name, namespace: "shop", uid: name, generation };
    const object = { metadata, spec: { template: { spec: { containers: [{ name: "app", image }] } } } };
    return JSON.stringify({ t, resource: "deployments", type, object });
  });
  return parseRecording("some", [...lines, JSON.stringify({ t: 99, mark: "end" })].join("\n"));
}

describe("the Deployment that a recording is about", () => {
  const listed = ["other", "web"].map((name) => ({ name, type: "LIST" }));

  it("is the first whose template was changed, whatever else was scaled or changed after it", () => {
    const recording = recordingOf(
      ...listed,
      { name: "other", generation: 2 },
      { name: "web", generation: 2, image: "app:2" },
      { name: "other", generation: 3, image: "app:2" },
    );
    expect(recordedDeployment(recording).name).to.equal("web");
  });

  it("is else the one that was made, then the one that was changed otherwise, then the first", () => {
    const scaled = { name: "web", generation: 2 };
    expect(recordedDeployment(recordingOf(...listed, scaled, { name: "new", type: "ADDED" })).name).to.equal(
      "new",
    );
    expect(recordedDeployment(recordingOf(...listed, scaled)).name).to.equal("web");
    expect(recordedDeployment(recordingOf(...listed)).name).to.equal("other");
  });

  it("is the named one, or none, with the names there are", () => {
    expect(recordedDeployment(recordingOf(...listed), "web").name).to.equal("web");
    const unknown = () => recordedDeployment(recordingOf(...listed), "nope");
    expect(unknown).to.throw(RecordingError, "no Deployment nope in it; recorded Deployments: other, web");
    expect(() => recordedDeployment(recordingOf())).to.throw(RecordingError, "some: no Deployment in it");
  });
});
