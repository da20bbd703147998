import { failing } from "../../testing/a-finding.ts";
import { labels } from "../../testing/a-template.ts";
import { expectNoObjection, expectObjection } from "../../testing/expect-objection.ts";
import { andService, changing, withService, withSpec } from "../../testing/facts.ts";
import { aRollout } from "../../testing/scene.ts";
import { sameService } from "./same-service.ts";

const headline = failing("EmptyEndpoints");
const renamed = withService({ selector: { app: "shop" }, readyEndpoints: 0 });
const lostLabel = changing(labels({ app: "checkout" }));

describe("a Service that would not select the old pods either", () => {
  it("must be changed, not the release", () => {
    expectObjection(
      sameService,
      headline,
      aRollout(renamed),
      "Service checkout would not select the pods of revision 1 (5d8f6c7b94) either (they lack app=shop)",
      "Change the selector of the Service",
    );
  });

  it("is no objection where another empty one would", () => {
    const both = withSpec({ services: ["checkout", "other"] });
    const other = andService("other", { readyEndpoints: 0 });
    expectNoObjection(
      sameService,
      headline,
      aRollout(lostLabel, other, both, withService({ readyEndpoints: 0 })),
    );
    expectNoObjection(sameService, headline, aRollout(lostLabel, withService({ readyEndpoints: 0 })));
  });

  it("is none where the Service has endpoints, or something else fails", () => {
    const served = withService({ selector: { app: "shop" }, readyEndpoints: 1 });
    expectNoObjection(sameService, headline, aRollout(served));
    expectNoObjection(sameService, failing("NotReady"), aRollout(renamed));
  });
});
