import { expect } from "chai";
import fc from "fast-check";
import { asObject, type RawObject } from "../objects.ts";
import { LAST_APPLIED, lastAppliedAfter } from "./last-applied.ts";

const template = (container: object, more: { metadata?: object; spec?: object } = {}): RawObject => ({
  metadata: { labels: { app: "checkout" }, ...more.metadata },
  spec: { containers: [{ name: "app", ...container }], ...more.spec },
});

const manifest = (podTemplate: unknown, more: object = {}): RawObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "checkout", namespace: "shop", annotations: {} },
  spec: { replicas: 3, template: podTemplate },
  ...more,
});

const workload = (podTemplate: unknown, annotation: string | undefined, more: object = {}): RawObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: {
    name: "checkout",
    namespace: "shop",
    annotations: { ...(annotation !== undefined && { [LAST_APPLIED]: annotation }), ...more },
  },
  spec: { replicas: 3, template: podTemplate },
});

/** The pod template in the annotation after a rollback from the present one, which was applied as `applied`. */
function templateAfter(restored: RawObject, present: RawObject, applied: RawObject): unknown {
  const text = lastAppliedAfter(workload(present, JSON.stringify(manifest(applied))), restored);
  return asObject(asObject(JSON.parse(text ?? "")).spec).template;
}

const X = { name: "X", value: "1" };
const Y = { name: "Y", value: "2" };

describe("the manifest that kubectl apply keeps, after a rollback", () => {
  it("has what only the restored revision has, so that the next apply takes it away", () => {
    const v1 = template({ image: "shop:v1", env: [X] }, { metadata: { annotations: { note: "old" } } });
    const v2 = template({ image: "shop:v2" });
    expect(templateAfter(v1, v2, v2)).to.deep.equal(v1);
  });

  it("has no more what only the failed revision had", () => {
    const v1 = template({ image: "shop:v1" });
    const v2 = template(
      { image: "shop:v2", env: [X] },
      { spec: { volumes: [{ name: "data", emptyDir: {} }] } },
    );
    expect(templateAfter(v1, v2, v2)).to.deep.equal(v1);
  });

  it("keeps everything but the pod template, and ends as kubectl writes it", () => {
    const v1 = template({ image: "shop:v1", env: [X] });
    const applied = manifest(template({ image: "shop:v2" }));
    const text = lastAppliedAfter(workload(template({ image: "shop:v2" }), JSON.stringify(applied)), v1);
    expect(text).to.equal(`${JSON.stringify(manifest(v1))}\n`);
  });

  it("does not claim what others have set on the live object, and both revisions have", () => {
    const byHand = { resources: { limits: { memory: "1Gi" } }, env: [Y] };
    const v1 = template({ image: "shop:v1", ...byHand, env: [X, Y] });
    const v2 = template({ image: "shop:v2", ...byHand });
    expect(templateAfter(v1, v2, template({ image: "shop:v2" }))).to.deep.equal(
      template({ image: "shop:v1", env: [X] }),
    );
  });

  it("claims the values that the rollback changes, also where others had set them", () => {
    const v1 = template({ image: "shop:v1", resources: { limits: { memory: "1Gi" } } });
    const v2 = template({ image: "shop:v2", resources: { limits: { memory: "2Gi" } } });
    expect(templateAfter(v1, v2, template({ image: "shop:v2" }))).to.deep.equal(v1);
  });

  it("leaves the defaults that the API server has set to it", () => {
    const defaults = { imagePullPolicy: "IfNotPresent", terminationMessagePath: "/dev/termination-log" };
    const v1 = template({ image: "shop:v1", ...defaults }, { metadata: { creationTimestamp: null } });
    const v2 = template({ image: "shop:v2", ...defaults }, { metadata: { creationTimestamp: null } });
    expect(templateAfter(v1, v2, template({ image: "shop:v2" }))).to.deep.equal(
      template({ image: "shop:v1" }),
    );
  });

  for (const [title, one, other, key] of [
    ["mounts of one volume", { name: "v", mountPath: "/a" }, { name: "v", mountPath: "/b" }, "volumeMounts"],
    ["ports without names", { containerPort: 80 }, { containerPort: 81 }, "ports"],
    ["variables", X, Y, "env"],
  ] as const) {
    it(`tells the items of a list apart: ${title}`, () => {
      const v1 = template({ image: "shop:v1", [key]: [one, other] });
      const v2 = template({ image: "shop:v2", [key]: [other] });
      // The one that stays was never in the manifest.
      expect(templateAfter(v1, v2, template({ image: "shop:v2" }))).to.deep.equal(
        template({ image: "shop:v1", [key]: [one] }),
      );
    });
  }

  it("keeps in each item what kubectl tells it by", () => {
    const mount = (subPath: string) => ({ name: "v", mountPath: "/a", subPath });
    const v1 = template({ image: "shop:v1", volumeMounts: [mount("one")] });
    const v2 = template({ image: "shop:v2", volumeMounts: [mount("two")] });
    expect(templateAfter(v1, v2, template({ image: "shop:v2" }))).to.deep.equal(v1);
  });

  it("takes a list without names as one value", () => {
    const v1 = template({ image: "shop:v1", args: ["--old"], command: ["run"] });
    const v2 = template({ image: "shop:v2", args: ["--new", "-v"], command: ["run"] });
    expect(templateAfter(v1, v2, template({ image: "shop:v2", args: ["--new", "-v"] }))).to.deep.equal(
      template({ image: "shop:v1", args: ["--old"] }),
    );
  });

  describe("is left alone", () => {
    const v1 = template({ image: "shop:v1", env: [X] });
    const v2 = template({ image: "shop:v2" });
    const other = (more: object) => JSON.stringify(manifest(v2, more));
    const deep = `{"x":${"[".repeat(100_000)}${"]".repeat(100_000)},${JSON.stringify(manifest(v2)).slice(1)}`;
    for (const [title, annotation] of [
      ["where there is none", undefined],
      ["when it is no JSON", "{"],
      ["when it is empty", ""],
      ["when it is a list", "[]"],
      ["when it has no pod template", other({ spec: { replicas: 3 } })],
      ["when it is of another kind", other({ kind: "StatefulSet" })],
      ["when it is of another version of the API", other({ apiVersion: "extensions/v1beta1" })],
      ["when it is of another Deployment", other({ metadata: { name: "cart", namespace: "shop" } })],
      ["when it is of another namespace", other({ metadata: { name: "checkout", namespace: "test" } })],
      ["when it is nested more deeply than can be written", deep],
    ] as const) {
      it(title, () => {
        expect(lastAppliedAfter(workload(v2, annotation), v1)).to.equal(undefined);
      });
    }

    it("when the annotations would be longer than the API server takes", () => {
      const present = workload(v2, other({}), { note: "x".repeat(254 * 1024) });
      expect(lastAppliedAfter(present, v1)).to.equal(undefined);
      expect(lastAppliedAfter(workload(v2, other({}), { note: "x".repeat(200 * 1024) }), v1)).to.be.a(
        "string",
      );
    });
  });

  it("takes time in proportion to the lists, however long they are", () => {
    const variables = (from: number) =>
      Array.from({ length: 4_000 }, (_, i) => ({ name: `X${from + i}`, value: "1" }));
    const beganAt = performance.now();
    const v1 = template({ image: "shop:v1", env: variables(0) });
    const v2 = template({ image: "shop:v2", env: variables(2_000) });
    expect(templateAfter(v1, v2, v2)).to.deep.equal(v1);
    expect(performance.now() - beganAt, "ms for 4,000 variables").to.be.below(5_000);
  });

  it("never throws, whatever the annotation and the templates are", () => {
    const any = fc.jsonValue() as fc.Arbitrary<unknown>;
    fc.assert(
      fc.property(any, any, any, (restored, present, applied) => {
        const text = lastAppliedAfter(
          workload({ spec: present }, JSON.stringify(manifest({ spec: applied }))),
          { spec: restored },
        );
        expect(asObject(JSON.parse(text ?? "{}")).kind).to.equal("Deployment");
      }),
    );
  });
});
