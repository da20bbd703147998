import { expect } from "chai";
import { rawDeployment } from "../../../kube/testing/raw-objects.ts";
import { parseRecording } from "../replay/recording.ts";
import { Recorder } from "./recorder.ts";

function aRecording() {
  const written: string[] = [];
  let now = 1_000_000;
  const recorder = new Recorder({ now: () => now, write: (line) => written.push(line) });
  const lines = () => parseRecording("a", written.join("\n")).lines;
  return { recorder, written, lines, pass: (durationMs: number) => (now += durationMs) };
}

const versioned = (name: string, resourceVersion: string) => {
  const object = rawDeployment(name);
  return {
    ...object,
    metadata: { ...(object.metadata as object), resourceVersion, managedFields: [{ manager: "x" }] },
  };
};

describe("Recorder", () => {
  it("writes what was there first as LIST, then each change with its second, without managedFields", () => {
    const { recorder, written, lines, pass } = aRecording();
    const sink = recorder.sinkFor("deployments");
    const list = sink.beginReplace();
    list.add(versioned("web", "1"), 0);
    list.commit(0, "100");
    pass(1_500);
    recorder.mark("new revision applied");
    pass(250);
    sink.apply("MODIFIED", versioned("web", "2"), 0);
    expect(lines().map((line) => ("mark" in line ? [line.t, line.mark] : [line.t, line.type]))).to.deep.equal(
      [
        [0, "LIST"],
        [1.5, "new revision applied"],
        [1.75, "MODIFIED"],
      ],
    );
    expect(written.join()).not.to.contain("managedFields");
  });

  it("writes a list that had to be read again as the changes since", () => {
    const { recorder, lines } = aRecording();
    const sink = recorder.sinkFor("deployments");
    for (const names of [
      ["stays:1", "changes:1", "goes:1"],
      ["stays:1", "changes:2", "comes:3"],
    ]) {
      const list = sink.beginReplace();
      for (const text of names) {
        const [name = "", version = ""] = text.split(":");
        list.add(versioned(name, version), 0);
      }
      list.commit(0, "100");
    }
    const changes = lines().flatMap((line) =>
      "mark" in line || line.type === "LIST"
        ? []
        : `${line.type} ${(line.object.metadata as { name: string }).name}`,
    );
    expect(changes).to.have.members(["MODIFIED changes", "ADDED comes", "DELETED goes"]);
  });

  it("writes answers, and why there is none, each about a Deployment", () => {
    const { recorder, written, pass } = aRecording();
    recorder.mark("new revision applied");
    pass(2_000);
    recorder.answer("web", "podEvents", { value: [] });
    recorder.answer("web", "networkPolicies", { unavailable: "forbidden" });
    expect(parseRecording("a", written.join("\n")).answers).to.deep.equal([
      { t: 2, key: "podEvents", about: "web", answer: { value: [] } },
      { t: 2, key: "networkPolicies", about: "web", answer: { unavailable: "forbidden" } },
    ]);
  });

  it("writes nothing of a list that broke off", () => {
    const { recorder } = aRecording();
    recorder.sinkFor("pods").beginReplace().add(versioned("a", "1"), 0);
    expect(recorder.lines).to.equal(0);
  });
});
