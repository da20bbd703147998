import { expect } from "chai";
import fc from "fast-check";
import { asInstant, asInteger, asTexts, metaOf } from "./objects.ts";

describe("metaOf", () => {
  it("reads any JSON without a throw, and gives values of the promised types", () => {
    const metadata = fc.dictionary(
      fc.constantFrom(
        "name",
        "uid",
        "labels",
        "ownerReferences",
        "creationTimestamp",
        "generation",
        "annotations",
      ),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.record({ metadata })), (object) => {
        const meta = metaOf(object);
        expect(meta.name).to.be.a("string");
        expect(meta.generation).to.satisfy(Number.isSafeInteger);
        expect(Object.values(meta.labels)).to.satisfy((values: unknown[]) =>
          values.every((v) => typeof v === "string"),
        );
      }),
    );
  });

  it("takes no uid that is longer than an Incident may hold", () => {
    const uid = "5668231b-d768-4725-bc76-5128b526f844";
    expect(metaOf({ metadata: { uid } }).uid).to.equal(uid);
    expect(metaOf({ metadata: { uid: uid.repeat(2) } }).uid).to.equal("");
  });

  it("finds the owner that controls the object among others", () => {
    const ownerReferences = [
      { kind: "X", name: "a", uid: "1" },
      { kind: "ReplicaSet", name: "b", uid: "2", controller: true },
    ];
    expect(metaOf({ metadata: { ownerReferences } }).controller).to.deep.equal({
      kind: "ReplicaSet",
      name: "b",
      uid: "2",
    });
  });
});

describe("the readers", () => {
  it("take no text for a number and no fraction for a count", () => {
    expect(asInteger("3", 7)).to.equal(7);
    expect(asInteger(1.5, 7)).to.equal(7);
  });

  it("know times with and without fractions, and nothing else", () => {
    expect(asInstant("2026-03-01T10:00:00Z")).to.equal(1_772_359_200_000);
    expect(asInstant("2026-03-01T10:00:00.250000Z")).to.equal(1_772_359_200_250);
    expect(asInstant("2026-03-01T12:00:00.123456789+02:00")).to.equal(1_772_359_200_123);
    for (const odd of [
      "yesterday",
      "1",
      "March",
      "2026-03-01",
      "2026-03-01T25:00:00Z",
      "+275760-09-13T00:00:00Z",
    ])
      expect(asInstant(odd), odd).to.equal(undefined);
    // These are outside the years that can be written back.
    for (const odd of ["0000-12-31T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
      expect(asInstant(odd), odd).to.equal(undefined);
    expect(asInstant(null)).to.equal(undefined);
  });

  it("keep a label named __proto__ a label", () => {
    const labels = asTexts(JSON.parse('{"__proto__":"x","a":1}'));
    expect(Object.entries(labels)).to.deep.equal([["__proto__", "x"]]);
  });
});
