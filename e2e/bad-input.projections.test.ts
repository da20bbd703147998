// Bad input, level one: each projection takes any object, quickly and without keeping much of it.
import { expect } from "chai";
import fc from "fast-check";
import { propertyRuns } from "../src/domain/testing/property-runs.ts";
import { hostileObject } from "./testing/hostile-objects.ts";
import { PROJECTIONS } from "./testing/projections.ts";

const AT = Date.parse("2026-03-01T12:00:00Z");

/** Far more than a sound object leaves behind, and far less than a hostile one brings along. */
const MOST_KEPT_BYTES = 400_000;

describe("bad input: a projection", () => {
  for (const [resource, project, objects] of PROJECTIONS) {
    it(`of ${resource} takes anything, twice to the same, and keeps little of it`, () => {
      expect(objects.length, "sound ones").to.be.greaterThan(0);
      fc.assert(
        fc.property(hostileObject(objects), (object) => {
          const view = project(object, undefined as never, AT);
          expect(project(object, view as never, AT)).to.deep.equal(view);
          const kept = JSON.stringify(view) ?? "";
          expect(kept.length).to.be.lessThan(MOST_KEPT_BYTES);
          expect(Object.prototype).not.to.have.property("ready");
        }),
        propertyRuns(150),
      );
    });
  }
});
