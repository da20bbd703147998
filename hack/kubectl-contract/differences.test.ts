import { expect } from "chai";
import type { ContractCase } from "./contract-case.ts";
import { differencesIn, lineDifference } from "./differences.ts";
import { parseTranscript, transcriptText } from "./transcript.ts";

const answers = (...outputs: string[]) => ({
  name: "get",
  answers: outputs.map((text, i) => ({ command: `kubectl ${i}`, output: [text], exitCode: 0 })),
});

const caseOf = (differs?: string): ContractCase => ({
  name: "get",
  title: "",
  alone: false,
  commands: [{ run: "kubectl 0", compare: "whole", differs }],
});

describe("differencesIn", () => {
  it("finds nothing between the same answers", () => {
    expect(differencesIn(caseOf(), answers("a"), answers("a"), true)).to.deep.equal([]);
  });

  it("shows both sides of an answer that differs", () => {
    const [difference] = differencesIn(caseOf(), answers("a"), answers("b"), true);
    expect(difference?.lines).to.deep.equal(["- a", "+ b", "  (exit code 0)"]);
  });

  it("lets an answer differ where it is said why, and complains when it does not", () => {
    expect(differencesIn(caseOf("no kubelet"), answers("a"), answers("b"), true)).to.deep.equal([]);
    expect(differencesIn(caseOf("no kubelet"), answers("a"), answers("a"), false)).to.deep.equal([]);
    const [difference] = differencesIn(caseOf("no kubelet"), answers("a"), answers("a"), true);
    expect(difference?.lines[0]).to.contain("no kubelet");
  });

  it("complains of a command that was not recorded", () => {
    expect(differencesIn(caseOf(), undefined, answers("a"), true)).to.have.length(1);
  });
});

describe("lineDifference", () => {
  it("keeps the lines that both have", () => {
    expect(lineDifference(["a", "b", "c"], ["b", "x", "c"])).to.deep.equal(["- a", "  b", "+ x", "  c"]);
  });
});

describe("a transcript", () => {
  it("can be read back", () => {
    const answer = { command: "kubectl get pods", output: ["NAME", "", "  web", "! odd"], exitCode: 1 };
    const transcript = {
      kubernetes: "v1.36.2",
      kubectl: "v1.36.3",
      cases: [{ name: "get", answers: [answer] }],
    };
    expect(parseTranscript(transcriptText(transcript))).to.deep.equal(transcript);
    expect(() => parseTranscript("something else")).to.throw("no transcript");
  });
});
