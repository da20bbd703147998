// The three words in which tests of checks speak.
import { assert, expect } from "chai";
import type { FindingReason } from "../../api/reasons.ts";
import type { Check } from "../checks/fault.ts";
import type { Finding } from "../decision.ts";
import { type Rollout, rolloutOf } from "../rollout/rollout.ts";
import { later } from "./instants.ts";
import type { Scene } from "./scene.ts";
import { snapshotOf } from "./snapshot-of.ts";

/** The rollout of a scene; fails the test when the scene has none. */
export function rolloutIn(scene: Scene): Rollout {
  const rollout = rolloutOf(snapshotOf(scene), scene.now);
  assert(rollout, "the scene has no rollout");
  return rollout;
}

/** The check finds nothing wrong. */
export function expectHealthy(check: Check, scene: Scene): void {
  const finding = check(rolloutIn(scene), scene.now);
  expect(finding.verdict, printedBy(finding)).to.equal("healthy");
}

/** The check sees something that counts if it is still so that long after the rollout began; "again": if it happens again. */
export function expectPending(check: Check, scene: Scene, until: number | "again"): Finding {
  const finding = check(rolloutIn(scene), scene.now);
  assert(finding.verdict === "pending", printedBy(finding));
  expect(finding.untilAt, "until").to.equal(until === "again" ? undefined : later(until));
  return finding;
}

/** The check says that the rollout fails, and tells evidence of it. */
export function expectFailing(check: Check, reason: FindingReason, scene: Scene) {
  const finding = check(rolloutIn(scene), scene.now);
  assert(finding.verdict === "failing", printedBy(finding));
  expect(finding.reason).to.equal(reason);
  expect(finding.message, "message").not.to.equal("");
  expect(finding.evidence, "evidence").not.to.deep.equal([]);
  expect(finding.sinceAt, "since").to.be.at.most(scene.now);
  return finding;
}

function printedBy(finding: Finding): string {
  return finding.verdict === "healthy" ? "healthy" : `${finding.verdict}: ${finding.message}`;
}
