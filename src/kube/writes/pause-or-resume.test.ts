import { expect } from "chai";
import type { PauseOrResume } from "../../domain/effects/change.ts";
import type { RawObject } from "../objects.ts";
import { applyJsonPatch } from "../testing/apply-json-patch.ts";
import { pauseOperations } from "./pause-or-resume.ts";

const PAUSE: PauseOrResume = {
  do: "pauseRollout",
  on: { kind: "Deployment", name: "checkout" },
  expect: { uid: "uid-1", generation: 7 },
  why: { incident: "checkout-bad" },
};
const RESUME: PauseOrResume = { ...PAUSE, do: "resumeRollout" };
const OTHERS = { "example.com/owner": "team-shop" };
const MARK = { "rolloutguard.io/paused-for-incident": "checkout-bad" };

function aDeployment(spec: object, annotations?: Readonly<Record<string, string>>): RawObject {
  const metadata = {
    name: "checkout",
    namespace: "shop",
    uid: "uid-1",
    generation: 7,
    resourceVersion: "100",
  };
  return { metadata: { ...metadata, ...(annotations && { annotations }) }, spec: { replicas: 3, ...spec } };
}

function patched(change: PauseOrResume, deployment: RawObject): unknown {
  return applyJsonPatch(deployment, pauseOperations(change, deployment));
}

describe("the pause that stops a rollback", () => {
  it("says for which Incident it is, and touches nothing else", () => {
    expect(patched(PAUSE, aDeployment({}, OTHERS))).to.deep.equal(
      aDeployment({ paused: true }, { ...OTHERS, ...MARK }),
    );
    expect(patched(PAUSE, aDeployment({ paused: false }))).to.deep.equal(aDeployment({ paused: true }, MARK));
  });

  it("is taken back with its mark", () => {
    expect(patched(RESUME, aDeployment({ paused: true }, { ...OTHERS, ...MARK }))).to.deep.equal(
      aDeployment({}, OTHERS),
    );
  });

  it("leaves only its mark to be taken away where somebody has resumed the Deployment", () => {
    for (const spec of [{}, { paused: false }]) {
      expect(patched(RESUME, aDeployment(spec, { ...OTHERS, ...MARK }))).to.deep.equal(
        aDeployment(spec, OTHERS),
      );
    }
  });

  it("applies only to the very Deployment and generation that were judged", () => {
    const deployment = aDeployment({ paused: true }, MARK);
    const changed = { ...deployment, metadata: { ...(deployment.metadata as object), generation: 8 } };
    for (const change of [PAUSE, RESUME]) {
      expect(() => applyJsonPatch(changed, pauseOperations(change, deployment))).to.throw();
    }
  });
});
