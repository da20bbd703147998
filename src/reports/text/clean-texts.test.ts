import { expect } from "chai";
import { cleaned } from "./clean-texts.ts";

describe("cleaned", () => {
  it("takes out of every text what steers a terminal and what looks like a secret", () => {
    const dirty = { a: ["\u001b[31mred\u0007"], b: { c: "password=hunter2hunter2", d: 5, e: null } };
    expect(cleaned(dirty)).to.deep.equal({ a: ["red\uFFFD"], b: { c: "password=***", d: 5, e: null } });
  });

  it("keeps a command whole, and steers no terminal with it either", () => {
    const patch = `kubectl patch x -p '{"volumes":[{"secret":{"secretName":"database"}}]}'`;
    expect(cleaned({ patch: `${patch}\u001b[2J` })).to.deep.equal({ patch });
  });
});
