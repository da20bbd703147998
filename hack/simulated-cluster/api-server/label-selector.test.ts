import { expect } from "chai";
import type { LabelSelector } from "./kinds.ts";
import { selectorText } from "./label-selector.ts";

describe("selectorText", () => {
  for (const [selector, text] of [
    [{}, ""],
    [{ matchLabels: { tier: "back", app: "web" } }, "app=web,tier=back"],
    [
      {
        matchLabels: { app: "web" },
        matchExpressions: [
          { key: "tier", operator: "In", values: ["b", "a"] },
          { key: "zone", operator: "NotIn", values: ["x"] },
          { key: "release", operator: "Exists" },
          { key: "canary", operator: "DoesNotExist" },
        ],
      },
      "!canary,app=web,release,tier in (a,b),zone notin (x)",
    ],
  ] as const satisfies readonly (readonly [LabelSelector, string])[]) {
    it(`writes ${JSON.stringify(selector)} as "${text}"`, () => {
      expect(selectorText(selector)).to.equal(text);
    });
  }
});
