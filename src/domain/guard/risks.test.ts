import { expect } from "chai";
import { decide } from "../decide.ts";
import { appWith, extraContainer } from "../testing/a-template.ts";
import { effectsOf } from "../testing/expect-decision.ts";
import { withoutWorkload, withReferences, withStatus } from "../testing/facts.ts";
import { aSettledWorkload, type Fact, given } from "../testing/scene.ts";
import { snapshotOf } from "../testing/snapshot-of.ts";

function probedIn(...facts: readonly Fact[]) {
  const scene = given(aSettledWorkload(), ...facts);
  const [written] = effectsOf(decide(snapshotOf(scene), scene.now), "updateGuardStatus");
  return { written, probed: written?.status.conditions?.find(({ type }) => type === "ReadinessProbed") };
}

describe("the condition ReadinessProbed", () => {
  it("states the risk while all is well, in a sentence that names what to add", () => {
    const { probed } = probedIn(withReferences(appWith({ readiness: undefined })));
    expect(probed).to.include({ status: "False", reason: "NoReadinessProbe" });
    expect(probed?.message).to.contain("readinessProbe");
  });

  it("is True as soon as one container of the application has a probe; sidecars do not count", () => {
    expect(probedIn().probed?.status).to.equal("True");
    const sidecar = extraContainer("proxy", "sidecar");
    expect(probedIn(withReferences(sidecar, appWith({ readiness: undefined }))).probed?.status).to.equal(
      "False",
    );
  });

  it("costs no write of its own: said once, it is not written again", () => {
    const facts = [withReferences(appWith({ readiness: undefined }))];
    const { written } = probedIn(...facts);
    if (!written) throw new Error("no status");
    expect(probedIn(...facts, withStatus(written.status)).written).to.equal(undefined);
  });

  it("goes with the Deployment", () => {
    const { written } = probedIn();
    if (!written) throw new Error("no status");
    const gone = probedIn(withStatus(written.status), withoutWorkload);
    expect(gone.written?.status.phase).to.equal("Waiting");
    expect(gone.probed).to.equal(undefined);
  });
});
