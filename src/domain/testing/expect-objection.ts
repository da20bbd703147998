// The words in which tests of objections speak.
import { assert, expect } from "chai";
import type { Objection } from "../brakes/would-not-help/objection.ts";
import type { FailingFinding } from "../decision.ts";
import { rolloutIn } from "./expect-verdict.ts";
import type { Scene } from "./scene.ts";

/** What the objection says against going back for this finding; undefined when it has nothing against it. */
export function objectionIn(
  objection: Objection,
  headline: FailingFinding,
  scene: Scene,
): string | undefined {
  const rollout = rolloutIn(scene);
  assert(rollout.baseline, "the scene has nothing to go back to");
  return objection(rollout, headline, rollout.baseline, scene.now);
}

/** Going back would not help, and the sentence has these words. */
export function expectObjection(
  objection: Objection,
  headline: FailingFinding,
  scene: Scene,
  ...words: readonly string[]
): void {
  const said = objectionIn(objection, headline, scene);
  assert(said !== undefined, "there is no objection");
  for (const word of words) expect(said).to.contain(word);
}

/** Nothing speaks against going back. */
export function expectNoObjection(objection: Objection, headline: FailingFinding, scene: Scene): void {
  expect(objectionIn(objection, headline, scene)).to.equal(undefined);
}
