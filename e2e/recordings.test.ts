// The recordings are ground truth: what a careful person would have wanted is what the guard decides, in time.
import { expect } from "chai";
import { defaultGuard, recordedDeployment } from "../src/cli/commands/replay/guard-file.ts";
import type { Recording } from "../src/cli/commands/replay/recording.ts";
import { type Replay, replay } from "../src/cli/commands/replay/replay.ts";
import { ALL_SCENARIOS } from "./scenarios/all-scenarios.ts";
import { jittered } from "./testing/jittered.ts";
import { LABELS, RECORDINGS } from "./testing/recorded.ts";
import { VERDICTS } from "./testing/recorded-verdicts.ts";

const names = RECORDINGS.map(({ name }) => name);

describe("the recordings", () => {
  it("are all labelled, and what must not be left alone has its reason, its time limit and its cause", () => {
    expect(names).to.have.members(Object.keys(LABELS));
    const failing = names.filter((name) => LABELS[name]?.want !== "nothing");
    expect(Object.keys(VERDICTS)).to.have.members(failing);
  });

  it("are there of every scenario that goes without the operator and does not say why not", () => {
    const recordable = ALL_SCENARIOS.filter(
      ({ needs = [], unrecorded }) => !needs.includes("operator") && unrecorded === undefined,
    );
    expect(names).to.include.members(recordable.map(({ name }) => `scenarios/${name}`));
  });

  it("scenarios/failing-neighbours: the good version between them is left alone", () => {
    const recording = RECORDINGS.find(({ name }) => name === "scenarios/failing-neighbours");
    if (recording === undefined) throw new Error("there is no such recording");
    const { namespace } = recordedDeployment(recording);
    const { decisions } = replay(recording, defaultGuard("shop"), "shop", namespace);
    expect(decisions.filter(({ action }) => action !== "none")).to.deep.equal([]);
    expect(decisions.map(({ reason }) => reason)).to.include("RolloutBaking");
  });

  for (const recording of RECORDINGS) {
    const { name } = recording;

    it(`${name}: ${LABELS[name]?.want} is decided, in time`, () => {
      const decided = replayed(recording);
      expectWanted(name, decided);
      const verdict = VERDICTS[name];
      const act = decided.decisions.find(({ action }) => action !== "none");
      expect(act === undefined, "nothing decided").to.equal(verdict === undefined);
      if (!verdict || !act) return;
      expect(decided.incidents[0]?.reason).to.equal(verdict.reason);
      expect(act.t).to.be.at.most((LABELS[name]?.change ?? 0) + verdict.seconds);
    });

    it(`${name}: ${VERDICTS[name]?.cause ?? "no cause"} is told, with what to change`, () => {
      const [incident] = replayed(recording).incidents;
      const [cause] = incident?.causes ?? [];
      const wanted = VERDICTS[name];
      expect(incident === undefined, "no Incident").to.equal(LABELS[name]?.want === "nothing");
      expect(cause?.class, cause?.message).to.equal(wanted?.cause);
      if (!cause || !wanted) return;
      expect(cause.certainty).to.equal(wanted.certainty);
      expect(`${cause.message} ${cause.remedy}`).to.match(wanted.names);
      if (wanted.patch) expect(cause.patch).to.match(wanted.patch);
      expect(cause.evidence?.length, "evidence").to.be.at.least(1);
    });

    it(`${name}: the same is decided without any Event`, () => {
      const lines = recording.lines.filter((line) => "mark" in line || line.resource !== "events");
      expectWanted(name, replayed({ ...recording, lines }));
    });

    it(`${name}: the same is decided when everything arrives late and out of step`, () => {
      for (let seed = 1; seed <= 12; seed += 1) expectWanted(name, replayed(jittered(recording, seed, 1.5)));
    });

    it(`${name}: the same is decided when Events arrive long after the fact`, () => {
      for (let seed = 1; seed <= 4; seed += 1) {
        expectWanted(name, replayed(jittered(recording, seed, 15, (line) => line.resource === "events")));
      }
    });
  }
});

function replayed(recording: Recording): Replay {
  const { name, namespace } = recordedDeployment(recording, LABELS[recording.name]?.deployment);
  // Where nobody is hurt the guard takes longer than the person did.
  const isUndoIgnored = LABELS[recording.name]?.want === "rollback";
  return replay(recording, defaultGuard(name), name, namespace, { isUndoIgnored });
}

function expectWanted(name: string, { decisions }: Replay): void {
  const acts = decisions.filter(({ action }) => action !== "none").map(({ action }) => action);
  const want = LABELS[name]?.want;
  const why = decisions.map(({ t, action, reason }) => `${t} ${action} ${reason}`).join("\n");
  if (want === "nothing") expect(acts, why).to.deep.equal([]);
  else expect(acts, why).to.deep.equal([want]);
}
