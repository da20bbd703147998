import { expect } from "chai";
import { rawTemplate } from "../testing/raw-objects.ts";
import { sharedPart } from "./shared-part.ts";
import { projectTemplate } from "./template.ts";

describe("sharedPart", () => {
  it("gives equal parts back as one, frozen in depth, and makes each only once", () => {
    let made = 0;
    const part = (raw: object) =>
      sharedPart("test", raw, () => {
        made += 1;
        return { inner: { raw } };
      });
    const first = part({ a: 1, b: [2] });
    expect(part({ b: [2], a: 1 })).to.equal(first);
    expect(Object.isFrozen(first.inner)).to.equal(true);
    expect(part({ a: 1, b: [3] })).to.not.equal(first);
    expect(made).to.equal(2);
  });

  it("does not take parts of different kinds for each other", () => {
    const [port, probe] = [sharedPart("port", {}, () => ["port"]), sharedPart("probe", {}, () => ["probe"])];
    expect([port, probe]).to.deep.equal([["port"], ["probe"]]);
  });

  it("leaves two releases that differ in their image all else in common", () => {
    const [before, after] = ["shop:1", "shop:2"].map((image) => projectTemplate(rawTemplate("web", image)));
    expect(after?.containers[0]?.image).to.equal("shop:2");
    expect(before?.containers[0]?.image).to.equal("shop:1");
    expect(after?.labels).to.equal(before?.labels);
    expect(after?.containers[0]?.ports).to.equal(before?.containers[0]?.ports);
  });
});
