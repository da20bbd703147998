import { expect } from "chai";
import { applyMergePatch, applyStrategicMergePatch } from "./merge-patch.ts";

describe("applyMergePatch", () => {
  it("merges objects, replaces lists and removes what is null", () => {
    const target = { a: { b: 1, c: 2 }, list: [1, 2], d: 1 };
    expect(applyMergePatch(target, { a: { b: null, e: 3 }, list: [3], d: null })).to.deep.equal({
      a: { c: 2, e: 3 },
      list: [3],
    });
  });
});

describe("applyStrategicMergePatch", () => {
  const target = {
    spec: {
      containers: [
        { name: "app", image: "app:1", env: [{ name: "A", value: "1" }], ports: [{ containerPort: 80 }] },
        { name: "log", image: "log:1" },
      ],
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } },
    },
  };

  it("merges containers and their variables by name, as kubectl set image and set env need", () => {
    const patch = {
      spec: { containers: [{ name: "app", image: "app:2", env: [{ name: "B", value: "2" }] }] },
    };
    expect(applyStrategicMergePatch(target, patch))
      .to.have.nested.property("spec.containers")
      .that.deep.equals([
        {
          name: "app",
          image: "app:2",
          env: [
            { name: "A", value: "1" },
            { name: "B", value: "2" },
          ],
          ports: [{ containerPort: 80 }],
        },
        { name: "log", image: "log:1" },
      ]);
  });

  it("deletes an item that says so and adds one that is new", () => {
    const patch = {
      spec: {
        containers: [
          { name: "log", $patch: "delete" },
          { name: "new", image: "new:1" },
        ],
      },
    };
    const result = applyStrategicMergePatch(target, patch) as typeof target;
    expect(result.spec.containers.map(({ name }) => name)).to.deep.equal(["app", "new"]);
  });

  it("keeps only the retained keys and replaces a whole object when told so", () => {
    const retained = { spec: { strategy: { $retainKeys: ["type"], type: "Recreate" } } };
    const recreate = { type: "Recreate" };
    expect(applyStrategicMergePatch(target, retained)).to.have.deep.nested.property(
      "spec.strategy",
      recreate,
    );
    const replaced = { spec: { strategy: { $patch: "replace", type: "Recreate" } } };
    expect(applyStrategicMergePatch(target, replaced)).to.have.deep.nested.property(
      "spec.strategy",
      recreate,
    );
  });
});
