import { expect } from "chai";
import { GOOD, NEW } from "../testing/a-revision.ts";
import { changeText, isSameChange, type RestoreTemplate } from "./change.ts";

const CHANGE: RestoreTemplate = {
  do: "restoreTemplate",
  on: { kind: "Deployment", name: "checkout" },
  expect: { uid: "uid-1", generation: 4 },
  from: NEW,
  to: GOOD,
  incident: "checkout-596f7cbf4b",
};

describe("a change", () => {
  it("is the same when only the generation that was read is another", () => {
    expect(isSameChange(CHANGE, { ...CHANGE, expect: { uid: "uid-1", generation: 9 } })).to.equal(true);
  });

  it("is another one on another object, from another revision, or to another", () => {
    const others: readonly Partial<RestoreTemplate>[] = [
      { expect: { uid: "uid-2", generation: 4 } },
      { from: GOOD },
      { to: NEW },
    ];
    for (const other of others) expect(isSameChange(CHANGE, { ...CHANGE, ...other })).to.equal(false);
  });

  it("is described by its two revisions", () => {
    expect(changeText(CHANGE)).to.equal(`roll back from ${NEW.hash} to ${GOOD.hash}`);
  });
});
