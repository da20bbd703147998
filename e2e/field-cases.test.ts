// Stories of operators from the field: what a careful person on call would have wanted is decided, and nothing worse.
import { expect } from "chai";
import { defaultGuard, recordedDeployment } from "../src/cli/commands/replay/guard-file.ts";
import type { Recording } from "../src/cli/commands/replay/recording.ts";
import { type Replay, type ReplayedDecision, replay } from "../src/cli/commands/replay/replay.ts";
import { FIELD_LABELS, FIELD_RECORDINGS, type FieldLabel } from "./testing/field-cases.ts";
import { jittered } from "./testing/jittered.ts";

/** How late a change can reach the operator (seconds). */
const LATE_SECONDS = 1.5;

describe("the field cases", () => {
  it("are all labelled, and each that calls for an Incident has its reason and its words", () => {
    const names = FIELD_RECORDINGS.map(({ name }) => name);
    expect(names).to.have.members(Object.keys(FIELD_LABELS).map((name) => `field/${name}`));
    for (const [name, { want, reason, names: words }] of Object.entries(FIELD_LABELS)) {
      if (want === "rollback" || want === "incident") expect([reason, words], name).not.to.include(undefined);
      if (want === "nothing") expect([reason, words], name).to.deep.equal([undefined, undefined]);
    }
  });

  for (const recording of FIELD_RECORDINGS) {
    const { name } = recording;
    const label = labelOf(recording);

    it(`${name} (${label.kind}): ${label.want}, and nothing before the change`, () => {
      expectWanted(label, replayed(recording));
    });

    it(`${name} (${label.kind}): the same is rolled back when everything arrives late and out of step`, () => {
      for (let seed = 1; seed <= 4; seed += 1) {
        const late = replayed(jittered(recording, seed, LATE_SECONDS));
        const isRolledBack = actsIn(late.decisions).some(({ action }) => action === "rollback");
        expect(isRolledBack, `seed ${seed}`).to.equal(label.want === "rollback");
      }
    });

    if (label.names !== undefined) {
      it(`${name} (${label.kind}): ${label.reason}, which names "${label.names}"`, () => {
        const { decisions, incidents } = replayed(recording);
        expect(incidents[0]?.reason).to.equal(label.reason);
        const causes = incidents.flatMap(({ causes = [] }) => causes.map(({ message }) => message));
        expect([...actsIn(decisions).map(({ message }) => message), ...causes].join("\n")).to.include(
          label.names,
        );
      });
    }
  }
});

function labelOf({ name }: Recording): FieldLabel {
  const label = FIELD_LABELS[name.replace("field/", "")];
  if (label === undefined) throw new Error(`${name} has no label`);
  return label;
}

function replayed(recording: Recording): Replay {
  const { name, namespace } = recordedDeployment(recording);
  return replay(recording, defaultGuard(name), name, namespace);
}

function actsIn(decisions: readonly ReplayedDecision[]): readonly ReplayedDecision[] {
  return decisions.filter(({ action }) => action !== "none");
}

function expectWanted({ want, change, withinSeconds = Infinity }: FieldLabel, { decisions }: Replay): void {
  const acts = actsIn(decisions);
  const why = decisions.map(({ t, action, reason }) => `${t} ${action} ${reason}`).join("\n");
  const actions = acts.map(({ action }) => action);
  const first = Math.min(...acts.map(({ t }) => t));
  if (want === "nothing") expect(actions, why).to.deep.equal([]);
  if (want === "incident") expect(actions, why).to.include("incident");
  if (want === "rollback") expect(actions, why).to.include("rollback");
  else expect(actions, why).not.to.include("rollback");
  expect(first, why).to.be.at.least(change);
  const rollback = acts.find(({ action }) => action === "rollback");
  if (rollback) expect(rollback.t - change, why).to.be.at.most(withinSeconds);
}
