import { expect } from "chai";
import { decide } from "../decide.ts";
import { aRevision, GOOD, NEW } from "../testing/a-revision.ts";
import { extraVariable, GOOD_TEMPLATE } from "../testing/a-template.ts";
import { anIncident } from "../testing/an-incident.ts";
import { withCurrent, withIncidents, withWorkload } from "../testing/facts.ts";
import { aRestoredWorkload, type Fact } from "../testing/scene.ts";
import { snapshotOf } from "../testing/snapshot-of.ts";
import { leftBehindAdvice } from "./left-behind.ts";

const HELM = { name: "shop", namespace: "prod", isByFlux: false };
const withVariable = withCurrent({ template: extraVariable("DEBUG")(GOOD_TEMPLATE) });
const ADVICE =
  "Helm does not know about the rollback: before the next helm upgrade, run helm rollback shop --namespace prod. Otherwise these stay behind: variable DEBUG of container app.";

/** The remedy that the Incident has when its rollback is noted. */
function remedyAfter(...facts: readonly Fact[]): string | undefined {
  const scene = aRestoredWorkload(withIncidents(anIncident({ phase: "Acting" })), ...facts);
  const effect = decide(snapshotOf(scene), scene.now).effects.find(({ type }) => type === "updateIncident");
  return effect?.type === "updateIncident" ? effect.status.remedy : undefined;
}

describe("what the next release would leave behind", () => {
  it("joins the remedy of an Incident whose workload Helm applies client-side", () => {
    expect(remedyAfter(withWorkload({ helmRelease: HELM }), withVariable)).to.equal(ADVICE);
    const { status, ...incident } = anIncident({ phase: "Acting" });
    const known = status && { ...status, remedy: "Set DATABASE_URL." };
    expect(
      remedyAfter(
        withWorkload({ helmRelease: HELM }),
        withVariable,
        withIncidents({ ...incident, status: known }),
      ),
    ).to.equal(`Set DATABASE_URL. ${ADVICE}`);
  });

  it("is nothing where something else applies it, or the restored revision has nothing of its own", () => {
    expect(remedyAfter(withVariable)).to.equal(undefined);
    expect(remedyAfter(withWorkload({ helmRelease: HELM }))).to.equal(undefined);
  });

  it("is to be removed by hand where Flux runs Helm", () => {
    const { template } = aRevision("5d8f6c7b94", 1, {}, extraVariable("DEBUG"));
    const helmRelease = { ...HELM, isByFlux: true };
    const { workload } = snapshotOf(aRestoredWorkload(withWorkload({ helmRelease })));
    expect(workload && leftBehindAdvice(workload, { ...GOOD, template }, NEW)).to.equal(
      "Helm does not know about the rollback: after the next release, manually remove what stays behind: variable DEBUG of container app.",
    );
  });

  it("names five things, and counts the others", () => {
    const many = ["A", "B", "C", "D", "E", "F", "G"].map((name) => extraVariable(name));
    const { workload } = snapshotOf(aRestoredWorkload(withWorkload({ helmRelease: HELM })));
    expect(workload && leftBehindAdvice(workload, aRevision("5d8f6c7b94", 1, {}, ...many), NEW)).to.contain(
      "variable E of container app and 2 more.",
    );
  });
});
