import { expect } from "chai";
import { contentFingerprint } from "./content-fingerprint.ts";

describe("contentFingerprint", () => {
  it("differs when the content does, and not when only the order of fields does", () => {
    expect(contentFingerprint({ name: "A", value: "x" })).not.to.equal(
      contentFingerprint({ name: "A", value: "y" }),
    );
    expect(contentFingerprint({ b: 1, a: 2 })).to.equal(contentFingerprint({ a: 2, b: 1 }));
  });
});
