import { expect } from "chai";
import { appWith } from "../testing/a-template.ts";
import { caseOf, causesIn, crashes } from "../testing/expect-cause.ts";
import { completedAfter, withReferences } from "../testing/facts.ts";
import { seconds } from "../testing/instants.ts";
import { noReadinessProbe } from "./no-readiness-probe.ts";

describe("noReadinessProbe", () => {
  it("is added to a crash that Kubernetes took for a complete rollout", () => {
    const noProbe = withReferences(appWith({ readiness: undefined }));
    const facts = [noProbe, completedAfter(seconds(1)), crashes({ restarts: 3 })];
    const [first, second] = causesIn({ reason: "CrashLooping", facts });
    expect(first?.class).to.equal("ContainerCrashes");
    expect(second).to.include({ class: "NoReadinessProbe", certainty: "Certain" });
    expect(second?.patch).to.contain('"readinessProbe":{"tcpSocket":{"port":8080}');
  });

  it("is not given while the rollout is not complete: nobody was misled", () => {
    const facts = [withReferences(appWith({ readiness: undefined })), crashes({ restarts: 3 })];
    expect(noReadinessProbe.classify(caseOf({ reason: "CrashLooping", facts }))).to.equal(undefined);
  });
});
