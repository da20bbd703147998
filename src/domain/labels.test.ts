import { expect } from "chai";
import { hasLabels, labelsText, matchesSelector, missingLabels, selectorText } from "./labels.ts";
import type { LabelSelectorView } from "./snapshot/label-selector.ts";

const selector = (
  labels: LabelSelectorView["labels"],
  ...expressions: LabelSelectorView["expressions"]
): LabelSelectorView => ({ labels, expressions });
const when = (key: string, operator: string, ...values: string[]) => ({ key, operator, values });

describe("hasLabels", () => {
  it("wants every pair, and no others than the object's own", () => {
    expect(hasLabels({ app: "web", tier: "x" }, { app: "web" })).to.equal(true);
    expect(hasLabels({ app: "web" }, { app: "web", tier: "x" })).to.equal(false);
    expect(hasLabels({ app: "web" }, {})).to.equal(true);
    expect(hasLabels({}, { constructor: "x" })).to.equal(false);
  });
});

describe("missingLabels", () => {
  it("are the pairs that are absent or have another value", () => {
    expect(missingLabels({ app: "web", tier: "x" }, { app: "web", tier: "y", zone: "z" })).to.deep.equal({
      tier: "y",
      zone: "z",
    });
  });
});

describe("matchesSelector", () => {
  for (const [wanted, labels, isMatch] of [
    [selector({}), { app: "web" }, true],
    [selector({ app: "web", tier: "x" }), { app: "web" }, false],
    [selector({}, when("app", "In", "a", "web")), { app: "web" }, true],
    [selector({}, when("app", "In", "a", "web")), { app: "api" }, false],
    [selector({}, when("app", "NotIn", "web")), { app: "web" }, false],
    [selector({}, when("app", "NotIn", "web")), {}, true],
    [selector({}, when("app", "Exists")), { app: "" }, true],
    [selector({}, when("app", "Exists")), {}, false],
    [selector({}, when("app", "DoesNotExist")), { app: "" }, false],
    [selector({}, when("app", "DoesNotExist")), {}, true],
    [selector({}, when("constructor", "Exists")), {}, false],
    [selector({ app: "web" }, when("tier", "Exists")), { app: "web" }, false],
  ] as const) {
    it(`${isMatch ? "selects" : "does not select"} ${JSON.stringify(labels)} by "${selectorText(wanted)}"`, () => {
      expect(matchesSelector(wanted, labels)).to.equal(isMatch);
    });
  }
});

describe("selectorText", () => {
  it("writes requirements as the API server reads them", () => {
    const requirements = [
      when("tier", "In", "a", "b"),
      when("env", "NotIn", "dev"),
      when("team", "Exists"),
      when("legacy", "DoesNotExist"),
    ];
    expect(selectorText(selector({ app: "x" }, ...requirements))).to.equal(
      "app=x,tier in (a,b),env notin (dev),team,!legacy",
    );
    expect(selectorText(selector({}))).to.equal("");
  });
});

describe("labelsText", () => {
  it("writes labels as a selector of them", () => {
    expect(labelsText({ app: "web", tier: "backend" })).to.equal("app=web,tier=backend");
  });
});
