import { expect } from "chai";
import { ProcessorBudget } from "./processor-budget.ts";

const AT = 1_000_000;
const budget = () => new ProcessorBudget({ share: 0.2, burstMs: 500 });

describe("the processor budget of namespaces", () => {
  it("lets a namespace work that has used little", () => {
    const uses = budget();
    for (let second = 0; second < 100; second++) uses.note("shop", 150, AT + second * 1_000);
    expect(uses.freeAt("shop", AT + 100_000)).to.equal(AT + 100_000);
    expect(uses.freeAt("unknown", AT)).to.equal(AT);
  });

  it("lets one that has used more than a burst wait until that is worked off", () => {
    const uses = budget();
    uses.note("shop", 900, AT);
    expect(uses.freeAt("shop", AT)).to.equal(AT + 2_000);
    expect(uses.freeAt("shop", AT + 1_999)).to.be.greaterThan(AT + 1_999);
    expect(uses.freeAt("shop", AT + 2_000)).to.equal(AT + 2_000);
  });

  it("lets none wait longer than ten seconds", () => {
    const uses = budget();
    uses.note("shop", 600_000, AT);
    expect(uses.freeAt("shop", AT)).to.equal(AT + 10_000);
  });

  it("gives one that never stops its share and no more", () => {
    const uses = budget();
    let used = 0;
    for (let at = AT; at < AT + 100_000; at += 10) {
      if (uses.freeAt("shop", at) > at) continue;
      uses.note("shop", 60, at);
      used += 60;
    }
    expect(used / 100_000).to.be.within(0.19, 0.22);
  });

  it("lets no namespace wait for another, nor for a clock that goes back", () => {
    const uses = budget();
    uses.note("noisy", 60_000, AT);
    expect(uses.freeAt("shop", AT)).to.equal(AT);
    uses.note("shop", 100, AT);
    expect(uses.freeAt("shop", AT - 10_000)).to.equal(AT - 10_000);
  });

  it("remembers no more namespaces than it must", () => {
    const uses = budget();
    for (let index = 0; index < 5_000; index++) uses.note(`n${index}`, 1, AT + index * 10);
    uses.note("shop", 5_000, AT + 50_000);
    expect(uses.freeAt("shop", AT + 50_000)).to.be.greaterThan(AT + 55_000);
  });
});
