import { failing } from "../../testing/a-finding.ts";
import { GOOD, remembered } from "../../testing/a-revision.ts";
import { expectNoObjection, expectObjection } from "../../testing/expect-objection.ts";
import { aRollout, ledger } from "../../testing/scene.ts";
import { failingBaseline } from "./failing-baseline.ts";

const headline = failing("CrashLooping");

describe("a good revision that was failing itself when the rollout began", () => {
  it("is not restored without a person, and the message says how", () => {
    const failed = ledger({ ...remembered(GOOD, "Good"), isFailing: true });
    expectObjection(
      failingBaseline,
      headline,
      aRollout(failed),
      "revision 1 (5d8f6c7b94) was already failing before this rollout started",
      "kubectl rollout undo deployment/checkout -n shop --to-revision=1",
    );
  });

  it("is another thing than one that had signs of trouble once", () => {
    expectNoObjection(failingBaseline, headline, aRollout());
    const troubled = ledger({ ...remembered(GOOD, "Good"), isTroubled: true });
    expectNoObjection(failingBaseline, headline, aRollout(troubled));
  });
});
