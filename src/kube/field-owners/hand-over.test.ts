import { expect } from "chai";
import fc from "fast-check";
import { asObject, type RawObject } from "../objects.ts";
import { type FieldPath, fieldsBelow, withFields } from "./field-set.ts";
import { blocksNextApply, handedOver } from "./hand-over.ts";
import { managedEntries, TEMPLATE } from "./managed-entry.ts";

const APP = 'k:{"name":"app"}';
const CONTAINERS = [...TEMPLATE, "f:spec", "f:containers"];
const IMAGE = [...CONTAINERS, APP, "f:image"];
const ENV = [...CONTAINERS, APP, "f:env"];
const X = [...ENV, 'k:{"name":"X"}'];
const OWN_ANNOTATION = ["f:metadata", "f:annotations", "f:rolloutguard.io/incident"];
const CAUSE = ["f:metadata", "f:annotations", "f:kubernetes.io/change-cause"];

const fieldsOf = (...paths: readonly FieldPath[]) => withFields({}, paths);

interface Facts {
  readonly operation?: string;
  readonly subresource?: string;
  readonly apiVersion?: string;
  readonly time?: string;
}

function entry(manager: string, paths: readonly FieldPath[], facts: Facts = {}): RawObject {
  const { operation = "Update", apiVersion = "apps/v1", time = "2026-11-30T07:00:00Z", subresource } = facts;
  return {
    manager,
    operation,
    apiVersion,
    time,
    fieldsType: "FieldsV1",
    fieldsV1: fieldsOf(...paths),
    ...(subresource !== undefined && { subresource }),
  };
}

const helm = (paths: readonly FieldPath[], facts: Facts = {}) =>
  entry("helm", paths, { operation: "Apply", ...facts });
const status = entry("kube-controller-manager", [["f:status", "f:replicas"]], { subresource: "status" });
const ofWorkload = (...managedFields: readonly unknown[]): RawObject => ({ metadata: { managedFields } });

/** What each manager owns afterwards. */
function ownersAfter(...entries: readonly RawObject[]): Readonly<Record<string, readonly string[]>> {
  const after = managedEntries(ofWorkload(...(handedOver(ofWorkload(...entries)) ?? [])));
  return Object.fromEntries(after.map(({ manager, fields }) => [manager, textsOf(fields)]));
}
const textsOf = (fields: RawObject) => fieldsBelow(fields).map((path) => path.join(" "));
const texts = (...paths: readonly FieldPath[]) => paths.map((path) => path.join(" "));

describe("handing fields over after a rollback", () => {
  const ours = entry("rolloutguard", [IMAGE, X, [...X, "f:value"], OWN_ANNOTATION]);
  const applied = helm([
    [...CONTAINERS, APP],
    [...CONTAINERS, APP, "f:name"],
  ]);

  it("gives the pod template's fields to the one who applies it, and keeps RolloutGuard's own annotations", () => {
    const after = ownersAfter(applied, ours, status);
    expect(after["helm"]).to.have.members([
      ...texts([...CONTAINERS, APP], [...CONTAINERS, APP, "f:name"]),
      ...texts(IMAGE, X, [...X, "f:value"]),
    ]);
    expect(after["rolloutguard"]).to.deep.equal(texts(OWN_ANNOTATION));
    expect(after["kube-controller-manager"]).to.deep.equal(["f:status f:replicas"]);
  });

  it("does so for rollbacks by the command line too, and for both at once", () => {
    const byHand = entry("kubectl-rolloutguard", [IMAGE]);
    const after = ownersAfter(applied, ours, byHand);
    expect(after).to.not.have.property("kubectl-rolloutguard");
    expect(after["rolloutguard"]).to.deep.equal(texts(OWN_ANNOTATION));
    expect(after["helm"]).to.include.members(texts(IMAGE, X));
  });

  it("gives the change-cause back too: the next manifest can have another one", () => {
    const after = ownersAfter(applied, entry("rolloutguard", [CAUSE, OWN_ANNOTATION]));
    expect(after["helm"]).to.include.members(texts(CAUSE));
    expect(after["rolloutguard"]).to.deep.equal(texts(OWN_ANNOTATION));
  });

  it("gives a pause to the one who applies the template: its manifest can say paused: false", () => {
    const [paused, pausedFor] = [
      ["f:spec", "f:paused"],
      ["f:metadata", "f:annotations", "f:rolloutguard.io/paused-for-incident"],
    ] as const;
    const after = ownersAfter(applied, entry("rolloutguard", [paused, pausedFor]));
    expect(after["helm"]).to.include.members(texts(paused));
    expect(after["rolloutguard"]).to.deep.equal(texts(pausedFor));
  });

  it("drops RolloutGuard's entry when nothing is left in it", () => {
    expect(ownersAfter(applied, entry("rolloutguard", [IMAGE]))).to.have.all.keys("helm");
  });

  for (const [title, entries] of [
    ["nobody applies it server-side", [entry("kubectl-client-side-apply", [IMAGE]), ours]],
    ["the applier has nothing of the template", [helm([["f:spec", "f:replicas"]]), ours]],
    ["what was applied is a subresource", [helm([IMAGE], { subresource: "scale" }), ours]],
    ["it was applied in another version of the API", [helm([IMAGE], { apiVersion: "apps/v2" }), ours]],
    ["RolloutGuard owns nothing of the template", [helm([IMAGE]), entry("rolloutguard", [OWN_ANNOTATION])]],
    ["the fields are somebody else's", [applied, entry("rolloutguard-scenarios", [IMAGE])]],
    ["the entry is of the status", [applied, entry("rolloutguard", [IMAGE], { subresource: "status" })]],
    [
      "somebody applies under RolloutGuard's name",
      [applied, entry("rolloutguard", [IMAGE], { operation: "Apply" })],
    ],
    ["there are no managedFields", []],
    ["managedFields are no entries", ["nonsense", null, 7, { manager: "rolloutguard", fieldsV1: [] }]],
  ] as const) {
    it(`has nothing to do when ${title}`, () => {
      expect(handedOver(ofWorkload(...entries))).to.equal(undefined);
      expect(blocksNextApply(ofWorkload(...entries))).to.equal(false);
    });
  }

  describe("when several apply the workload", () => {
    const container = [...CONTAINERS, APP];
    const main = helm([container, [...container, "f:name"], [...container, "f:ports"]]);
    const addon = entry("addon", [container, [...container, "f:name"], [...ENV, 'k:{"name":"Y"}']], {
      operation: "Apply",
      time: "2026-11-30T08:00:00Z",
    });

    it("gives a field to the owner of the nearest thing that it is a part of", () => {
      const y = [...ENV, 'k:{"name":"Y"}', "f:value"];
      const after = ownersAfter(main, addon, entry("rolloutguard", [y]));
      expect(after["addon"]).to.include.members(texts(y));
      expect(after["helm"]).to.not.include.members(texts(y));
    });

    it("gives what belongs to a container of both to the one who has most of it", () => {
      const rich = helm([
        container,
        [...container, "f:name"],
        [...container, "f:ports"],
        [...container, "f:args"],
      ]);
      const after = ownersAfter(addon, rich, entry("rolloutguard", [IMAGE, X]));
      expect(after["helm"]).to.include.members(texts(IMAGE, X));
    });

    it("gives it to the latest when both have as much", () => {
      const after = ownersAfter(main, addon, entry("rolloutguard", [IMAGE]));
      expect(after["addon"]).to.include.members(texts(IMAGE));
    });
  });

  it("takes time in proportion to the fields, however many and however nested they are", () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => [...ENV, `k:{"name":"X${i}"}`]);
    const deep = [...TEMPLATE, ...Array.from({ length: 1_000 }, () => "f:x")];
    const both = (some: readonly FieldPath[]) => {
      const others = entry("addon", many(3_000), { operation: "Apply" });
      return ofWorkload(helm([...many(3_000), IMAGE]), others, entry("rolloutguard", some));
    };
    const beganAt = performance.now();
    expect(handedOver(both(many(10_000)))).to.have.length(2);
    expect(handedOver(both([deep, IMAGE]))).to.have.length(2);
    expect(performance.now() - beganAt, "ms for 10,000 fields").to.be.below(5_000);
  });

  describe("whatever the entries are", () => {
    const key = fc.constantFrom(
      "f:spec",
      "f:containers",
      APP,
      'k:{"name":"b"}',
      "f:env",
      "f:image",
      'v:"x"',
      "f:constructor",
    );
    const path = fc.array(key, { minLength: 1, maxLength: 5 }).map((keys) => [...TEMPLATE, ...keys]);
    const paths = fc.array(path, { minLength: 1, maxLength: 8 });
    const own = paths.map((some) => entry("rolloutguard", [...some, OWN_ANNOTATION]));
    const appliers = fc
      .array(paths, { minLength: 1, maxLength: 3 })
      .map((all) => all.map((some, i) => entry(`applier-${i}`, some, { operation: "Apply" })));
    const others = fc
      .array(paths, { maxLength: 2 })
      .map((all) => all.map((some, i) => entry(`other-${i}`, some)));
    const scene = fc.tuple(appliers, own, others).map(([a, b, c]) => [...a, b, ...c]);
    const everybodys = (entries: readonly RawObject[]) =>
      new Set(entries.flatMap(({ fieldsV1 }) => textsOf(asObject(fieldsV1))));

    it("is done once: then there is nothing left to hand over", () => {
      fc.assert(
        fc.property(scene, (entries) => {
          const after = handedOver(ofWorkload(...entries)) ?? [];
          expect(blocksNextApply(ofWorkload(...entries))).to.equal(true);
          expect(handedOver(ofWorkload(...after))).to.equal(undefined);
        }),
      );
    });

    it("loses no field and invents none", () => {
      fc.assert(
        fc.property(scene, (entries) => {
          const after = handedOver(ofWorkload(...entries)) ?? [];
          expect([...everybodys(after)]).to.have.members([...everybodys(entries)]);
        }),
      );
    });

    it("takes nothing from anybody else, and does not touch those who apply nothing", () => {
      fc.assert(
        fc.property(scene, (entries) => {
          const after = handedOver(ofWorkload(...entries)) ?? [];
          for (const before of entries.filter(({ manager }) => manager !== "rolloutguard")) {
            const now = after.find(({ manager }) => manager === before["manager"]);
            expect(textsOf(asObject(now?.["fieldsV1"]))).to.include.members(
              textsOf(asObject(before["fieldsV1"])),
            );
            if (before["operation"] === "Update") expect(now).to.deep.equal(before);
          }
        }),
      );
    });
  });
});
