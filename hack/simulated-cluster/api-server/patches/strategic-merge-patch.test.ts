import { expect } from "chai";
import { ANY } from "../types/field-type.ts";
import { typeOfKind } from "../types/kubernetes-types.ts";
import { applyStrategicMergePatch } from "./strategic-merge-patch.ts";

const DEPLOYMENT = typeOfKind("apps", "Deployment") ?? ANY;

/** The pod's spec of a Deployment after a patch of it, or the Deployment's spec for what is no pod's. */
function patched(path: "template" | "deployment", target: object, patch: object): Record<string, unknown> {
  const wrap = (spec: object) => (path === "template" ? { spec: { template: { spec } } } : { spec });
  const result = applyStrategicMergePatch(DEPLOYMENT, wrap(target), wrap(patch)) as {
    spec: Record<string, unknown> & { template: { spec: Record<string, unknown> } };
  };
  return path === "template" ? result.spec.template.spec : result.spec;
}

describe("applyStrategicMergePatch", () => {
  const pod = {
    containers: [
      { name: "app", image: "app:1", env: [{ name: "A", value: "1" }], ports: [{ containerPort: 80 }] },
      { name: "log", image: "log:1" },
    ],
    volumes: [{ name: "data", emptyDir: {} }],
    tolerations: [{ key: "a" }],
  };
  const names = (list: unknown) => (list as { name: string }[]).map(({ name }) => name);

  it("merges containers and their variables by name, as kubectl set image and set env need", () => {
    const patch = { containers: [{ name: "app", image: "app:2", env: [{ name: "B", value: "2" }] }] };
    expect(patched("template", pod, patch)["containers"]).to.deep.equal([
      {
        name: "app",
        image: "app:2",
        env: [
          { name: "B", value: "2" },
          { name: "A", value: "1" },
        ],
        ports: [{ containerPort: 80 }],
      },
      { name: "log", image: "log:1" },
    ]);
  });

  it("deletes an item that says so and adds one that is new", () => {
    const patch = {
      containers: [
        { name: "log", $patch: "delete" },
        { name: "new", image: "new:1" },
      ],
    };
    expect(names(patched("template", pod, patch)["containers"])).to.deep.equal(["new", "app"]);
  });

  it("puts what is new where the patch has it, before what the patch does not name", () => {
    const live = { containers: [{ name: "app" }, { name: "log" }] };
    const patch = { containers: [{ name: "one" }, { name: "log" }, { name: "two" }] };
    expect(names(patched("template", live, patch)["containers"])).to.deep.equal(["one", "app", "log", "two"]);
  });

  it("replaces a list whose type is not merged, and one that is told to be replaced", () => {
    const result = patched("template", pod, {
      tolerations: [{ key: "b" }],
      containers: [{ $patch: "replace" }, { name: "only", image: "only:1" }],
    });
    expect(result["tolerations"]).to.deep.equal([{ key: "b" }]);
    expect(names(result["containers"])).to.deep.equal(["only"]);
  });

  it("puts a merged list into the order that is asked for, others behind what they stood behind", () => {
    const result = patched("template", pod, {
      "$setElementOrder/containers": [{ name: "new" }, { name: "app" }],
      containers: [{ name: "new", image: "new:1" }],
    });
    expect(names(result["containers"])).to.deep.equal(["new", "app", "log"]);
  });

  it("keeps only the retained keys of a volume, so that another kind of volume takes the place of the first", () => {
    const patch = {
      volumes: [{ name: "data", $retainKeys: ["name", "secret"], secret: { secretName: "s" } }],
    };
    expect(patched("template", pod, patch)["volumes"]).to.deep.equal([
      { name: "data", secret: { secretName: "s" } },
    ]);
  });

  it("keeps only the retained keys of the strategy, and replaces or removes an object when told so", () => {
    const target = { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } } };
    const recreate = { type: "Recreate" };
    const strategyAfter = (strategy: object) => patched("deployment", target, { strategy })["strategy"];
    expect(strategyAfter({ $retainKeys: ["type"], ...recreate })).to.deep.equal(recreate);
    expect(strategyAfter({ $patch: "replace", ...recreate })).to.deep.equal(recreate);
    expect(strategyAfter({ $patch: "delete" })).to.equal(undefined);
  });

  it("adds to and deletes from lists of plain values", () => {
    const metadata = { finalizers: ["a", "b"] };
    const patch = { metadata: { finalizers: ["c"], "$deleteFromPrimitiveList/finalizers": ["a"] } };
    expect(applyStrategicMergePatch(DEPLOYMENT, { metadata }, patch)).to.deep.equal({
      metadata: { finalizers: ["b", "c"] },
    });
  });
});
