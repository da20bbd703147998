import { failing } from "../../testing/a-finding.ts";
import { appWith, labels } from "../../testing/a-template.ts";
import { expectNoObjection, expectObjection } from "../../testing/expect-objection.ts";
import { andService, changing, withOldReferences, withService, withStatus } from "../../testing/facts.ts";
import { aRollout } from "../../testing/scene.ts";
import { unservedService } from "./unserved-service.ts";

const headline = failing("NotReady");

describe("a Service that was changed with the release", () => {
  it("closes the way back when it would not select the old pods", () => {
    const scene = aRollout(
      changing(labels({ app: "checkout", tier: "api" })),
      withService({ selector: { app: "checkout", tier: "api" } }),
    );
    expectObjection(
      unservedService,
      headline,
      scene,
      "Service checkout would not select the pods of revision 1 (5d8f6c7b94) (they lack tier=api)",
      "change it back first",
    );
  });

  it("leaves it open when the Service is the new version's, and the old version has its own", () => {
    const scene = aRollout(
      withOldReferences(labels({ app: "checkout", version: "v1" })),
      changing(labels({ app: "checkout", version: "v2" })),
      andService("checkout-v1", { selector: { app: "checkout", version: "v1" } }),
      withService({ selector: { app: "checkout", version: "v2" }, readyEndpoints: 3 }),
      withStatus({ services: [{ name: "checkout", endpoints: 3 }] }),
    );
    expectNoObjection(unservedService, headline, scene);
  });

  it("closes it when it sends to a port that the old pods do not have, by name or by number", () => {
    const named = aRollout(
      changing(appWith({ ports: [{ name: "web", port: 9090 }] })),
      withService({ ports: [{ port: 80, targetPort: "web" }] }),
    );
    expectObjection(unservedService, headline, named, "sends to port web, which the pods of revision 1");
    const numbered = aRollout(
      changing(appWith({ ports: [{ port: 9090 }] })),
      withService({ ports: [{ port: 80, targetPort: 9090 }] }),
    );
    expectObjection(unservedService, headline, numbered, "sends to port 9090");
  });

  it("leaves it open while one of its ports is there, or nobody declares any", () => {
    const both = withService({
      ports: [
        { port: 80, targetPort: 9090 },
        { port: 81, targetPort: 8080 },
      ],
    });
    const moved = changing(appWith({ ports: [{ port: 9090 }] }));
    expectNoObjection(unservedService, headline, aRollout(moved, both));
    const undeclared = withOldReferences(appWith({ ports: [] }));
    const to = withService({ ports: [{ port: 80, targetPort: 9090 }] });
    expectNoObjection(unservedService, headline, aRollout(moved, undeclared, to));
  });

  it("leaves it open when it does not reach the new pods either: then it is no reason to keep them", () => {
    expectNoObjection(unservedService, headline, aRollout(withService({ selector: { app: "shop" } })));
  });

  it("is one that is known to have served", () => {
    const selector = { app: "checkout", tier: "api" };
    const never = [
      changing(labels({ app: "checkout", tier: "api" })),
      withService({ selector: { app: "checkout" } }),
      andService("metrics", { selector, readyEndpoints: 0 }),
    ];
    expectNoObjection(unservedService, headline, aRollout(...never));
  });

  it("closes nothing where nothing was changed", () => {
    expectNoObjection(unservedService, headline, aRollout());
  });
});
