import { expect } from "chai";
import { failing } from "../testing/a-finding.ts";
import { statusAfter } from "../testing/expect-decision.ts";
import { rolloutIn } from "../testing/expect-verdict.ts";
import { crashing, withSurroundings } from "../testing/facts.ts";
import { later, minutes, written } from "../testing/instants.ts";
import { aRollout, at } from "../testing/scene.ts";
import { safetyStop } from "./safety-stop.ts";

const UNTIL = later(minutes(50));
const stopped = withSurroundings({ stoppedUntilAt: UNTIL });

describe("safetyStop", () => {
  it("holds until the writes send rollbacks again, and says that this is a bug", () => {
    const scene = aRollout(crashing, stopped);
    const brake = safetyStop(rolloutIn(scene), failing("CrashLooping"), scene.now);
    expect(brake).to.include({ reason: "SafetyStop", untilAt: UNTIL });
    expect(brake?.message).to.contain("This is a bug").and.contain(written(UNTIL));
    expect(safetyStop(rolloutIn(scene), failing("CrashLooping"), UNTIL)).to.equal(undefined);
  });

  it("shows on the guard: it is not ready until then", () => {
    const ready = (sinceStartMs: number) =>
      statusAfter(aRollout(crashing, stopped, at(sinceStartMs))).conditions?.find(
        ({ type }) => type === "Ready",
      );
    expect(ready(minutes(1))).to.include({ status: "False", reason: "SafetyStop" });
    expect(ready(minutes(50))?.status ?? "True").to.equal("True");
  });
});
