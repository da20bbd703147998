import { failing } from "../../testing/a-finding.ts";
import { appWith, labels } from "../../testing/a-template.ts";
import { expectNoObjection, expectObjection } from "../../testing/expect-objection.ts";
import { changing, withService } from "../../testing/facts.ts";
import { aRollout } from "../../testing/scene.ts";
import { unwrittenEndpoints } from "./unwritten-endpoints.ts";

const headline = failing("EmptyEndpoints");
const empty = withService({ readyEndpoints: 0 });

describe("endpoints that were not created", () => {
  it("are the endpoint controller's doing where selector and port match the ready pods", () => {
    expectObjection(
      unwrittenEndpoints,
      headline,
      aRollout(empty),
      "match the selector and ports of Service checkout, but it has no endpoints for them",
      "kube-controller-manager",
    );
  });

  it("are the release's where a label or a port of the new pods explains it", () => {
    const lostLabel = changing(labels({ app: "checkout" }));
    expectNoObjection(unwrittenEndpoints, headline, aRollout(lostLabel, empty));
    const renamed = [
      changing(appWith({ ports: [{ name: "web", port: 8080 }] })),
      withService({ readyEndpoints: 0, ports: [{ port: 80, targetPort: "http" }] }),
    ];
    expectNoObjection(unwrittenEndpoints, headline, aRollout(...renamed));
  });

  it("are none where there are some, or something else fails", () => {
    expectNoObjection(unwrittenEndpoints, headline, aRollout());
    expectNoObjection(unwrittenEndpoints, failing("NotReady"), aRollout(empty));
  });
});
