import { expect } from "chai";
import { aRevision, GOOD } from "../testing/a-revision.ts";
import { extraContainer } from "../testing/a-template.ts";
import { capital, nameRevision, referenceTo } from "./revisions.ts";

describe("how a revision is named", () => {
  it("has its number for people and its hash for certainty", () => {
    expect(nameRevision(GOOD)).to.equal("revision 1 (5d8f6c7b94)");
  });

  it("begins a sentence with a capital letter", () => {
    expect(capital(nameRevision(GOOD))).to.equal("Revision 1 (5d8f6c7b94)");
  });

  it("has the images of what runs: init containers are over", () => {
    const revision = aRevision(
      "c",
      5,
      {},
      extraContainer("migrate", "init"),
      extraContainer("proxy", "sidecar"),
    );
    expect(referenceTo(revision)).to.deep.equal({
      hash: "c",
      revision: 5,
      images: ["registry.example/proxy:1", "registry.example/checkout:1"],
    });
  });
});
