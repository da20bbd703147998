import { expect } from "chai";
import type { Outage } from "../../snapshot/surroundings.ts";
import { failing } from "../../testing/a-finding.ts";
import { expectNoObjection, expectObjection, objectionIn } from "../../testing/expect-objection.ts";
import { anOutage, crashing, withService, withSurroundings } from "../../testing/facts.ts";
import { earlier, later, minutes, seconds } from "../../testing/instants.ts";
import { aRollout, at, type Fact } from "../../testing/scene.ts";
import { outage } from "./outage.ts";

const headline = failing("CrashLooping");
const amid = (outages: readonly Outage[], ...facts: readonly Fact[]) =>
  aRollout(crashing, withSurroundings({ settledNearby: 3, outages }), ...facts);

describe("an outage around the failure", () => {
  it("is named, with who went down and since when", () => {
    expectObjection(
      outage,
      headline,
      amid(anOutage(3)),
      "3 Deployments that were not changed became unavailable too",
      "neighbour-0 since 2026-03-02T09:00:30.000Z",
      "the environment is failing, not this release",
    );
  });

  it("names five at most, and those of other namespaces with them", () => {
    expectObjection(outage, headline, amid(anOutage(8)), "neighbour-4", " and 3 more");
    const elsewhere = ["a", "b", "c"].map((namespace) => ({
      namespace,
      kind: "Deployment" as const,
      name: "web",
      downSinceAt: later(0),
    }));
    const scene = amid(elsewhere, withSurroundings({ settledNamespaces: 3, outages: elsewhere }));
    expectObjection(outage, headline, scene, "a/web since");
  });

  it("is none with fewer than three, or long before", () => {
    expectNoObjection(outage, headline, amid(anOutage(2)));
    const before = anOutage(3).map((one) => ({ ...one, downSinceAt: earlier(minutes(6)) }));
    expectNoObjection(outage, headline, amid(before));
  });

  it("is over when none of them is down any more", () => {
    expectNoObjection(outage, headline, amid(anOutage(3, seconds(50))));
    const some = [...anOutage(3, seconds(50)), ...anOutage(4).slice(3)];
    const said = objectionIn(outage, headline, amid(some));
    expect(said).to.contain("neighbour-3 since").and.not.contain("neighbour-0");
  });

  it("is not what went down after this workload had lost its endpoints: those call it", () => {
    const lostAt = (second: number) =>
      withService({
        readyEndpoints: 0,
        changes: [
          { at: earlier(minutes(1)), ready: 3 },
          { at: later(seconds(second)), ready: 0 },
        ],
      });
    expectNoObjection(outage, headline, amid(anOutage(3), lostAt(24), at(minutes(2))));
    expectObjection(outage, headline, amid(anOutage(3), lostAt(25), at(minutes(2))));
  });
});
