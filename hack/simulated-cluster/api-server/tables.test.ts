import { expect } from "chai";
import { evaluatePath } from "./tables.ts";

describe("evaluatePath", () => {
  const object = {
    metadata: { annotations: { "a.io/b": "c" } },
    status: { conditions: [{ type: "Healthy" }, { type: "Ready", status: "True" }], images: ["x:1"] },
  };

  it("follows fields, quoted names, positions and filters, as printer columns write them", () => {
    expect(evaluatePath(object, '.status.conditions[?(@.type=="Ready")].status')).to.equal("True");
    expect(evaluatePath(object, ".status.images[0]")).to.equal("x:1");
    expect(evaluatePath(object, ".metadata.annotations['a.io/b']")).to.equal("c");
    expect(evaluatePath(object, ".metadata.annotations.a\\.io/b")).to.equal("c");
  });

  it("finds nothing where nothing is", () => {
    expect(evaluatePath(object, ".spec.replicas")).to.equal(undefined);
  });
});
