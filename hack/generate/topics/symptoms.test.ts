import { expect } from "chai";
import type { FindingReason } from "../../../src/api/reasons.ts";
import { causesOf } from "../../../src/domain/causes/ordered-causes.ts";
import type { CheckName } from "../../../src/domain/decision.ts";
import { rolloutOf } from "../../../src/domain/rollout/rollout.ts";
import { notReadyYet } from "../../../src/domain/testing/a-pod.ts";
import { warned, withPods } from "../../../src/domain/testing/facts.ts";
import { minutes, T0 } from "../../../src/domain/testing/instants.ts";
import { aRollout, at } from "../../../src/domain/testing/scene.ts";
import { snapshotOf } from "../../../src/domain/testing/snapshot-of.ts";
import { SYMPTOMS } from "./symptoms.ts";

/** For rows that begin so: the reason for which a rollout fails when the cluster says it. */
const REASONS: readonly (readonly [RegExp, CheckName, FindingReason])[] = [
  [
    /^(secret|configmap|couldn't|references|MountVolume|container has)/,
    "configError",
    "ContainerConfigError",
  ],
  [/^(persistentvolumeclaim|… Insufficient|didn't|had untolerated)/, "unschedulable", "Unschedulable"],
  [/^(InvalidImageName|ErrImageNeverPull)/, "imagePull", "ImagePullFailing"],
  [/^(forbidden|admission|failed calling|serviceaccount)/, "createFailed", "CreateFailed"],
  [/^probe failed/, "readiness", "NotReady"],
];

/** The first cause that is told when a component says this; undefined for rows that are no words of one. */
function reportedCause(row: string): string | undefined {
  const [, check, reason] = REASONS.find(([begins]) => begins.test(row)) ?? [];
  if (check === undefined || reason === undefined) return undefined;
  const says = {
    configError: "CreateContainerConfigError: ",
    unschedulable: "0/3 nodes are available: 3 ",
    readiness: "Readiness ",
  };
  const prefix = check in says ? says[check as keyof typeof says] : "";
  const message = `${prefix}${row.replaceAll("…", "x")}`;
  const scene = aRollout(withPods(3, notReadyYet), warned("Unhealthy", message), at(minutes(2)));
  const rollout = rolloutOf(snapshotOf(scene), scene.now);
  if (!rollout) throw new Error("no rollout");
  const finding = {
    check,
    verdict: "failing",
    reason,
    message,
    sinceAt: T0,
    restsOn: [],
    evidence: [message],
  } as const;
  return causesOf(rollout, [finding], scene.now)[0]?.class;
}

describe("the index by what Kubernetes says", () => {
  it("leads to the cause that an Incident tells for the same words", () => {
    const rows = SYMPTOMS.map(([row, ...classes]) => ({
      row,
      classes: classes as string[],
      reported: reportedCause(row),
    }));
    const known = rows.filter(({ reported }) => reported !== undefined);
    expect(known.length).to.be.above(20);
    for (const { row, classes, reported } of known) expect(classes, row).to.include(reported);
  });
});
