import { expect } from "chai";
import { ageText, customColumn, evaluatePath } from "./printer-columns.ts";

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

describe("ageText", () => {
  const minute = 60;
  const hour = 60 * minute;
  const day = 24 * hour;
  const cases: readonly (readonly [number, string])[] = [
    [0, "0s"],
    [119, "119s"],
    [2 * minute, "2m"],
    [9 * minute + 59, "9m59s"],
    [10 * minute + 30, "10m"],
    [179 * minute, "179m"],
    [3 * hour, "3h"],
    [7 * hour + 5 * minute, "7h5m"],
    [47 * hour, "47h"],
    [2 * day + 3 * hour, "2d3h"],
    [8 * day + 3 * hour, "8d"],
    [800 * day, "2y70d"],
    [-1, "0s"],
    [-5, "<invalid>"],
  ];

  for (const [seconds, text] of cases) {
    it(`writes ${seconds} seconds as ${text}`, () => {
      const now = Date.parse("2026-01-01T00:00:00Z");
      expect(ageText(new Date(now - seconds * 1_000).toISOString(), now)).to.equal(text);
    });
  }

  it("does not know the age of what has no date", () => {
    expect(ageText(undefined, 0)).to.equal("<unknown>");
  });
});

describe("customColumn", () => {
  const object = {
    apiVersion: "a.io/v1",
    kind: "Widget",
    metadata: { name: "w", uid: "", resourceVersion: "", creationTimestamp: "2026-01-01T00:00:00Z" },
    spec: { size: 3.7, text: "big", parts: ["a"], isOn: true },
  };
  const cell = (type: string, jsonPath: string) =>
    customColumn({ name: "", type, jsonPath }).cell(object, Date.parse("2026-01-01T00:00:05Z"));

  it("shows values of the type that the CRD says", () => {
    expect(cell("string", ".spec.text")).to.equal("big");
    expect(cell("integer", ".spec.size")).to.equal(3);
    expect(cell("number", ".spec.size")).to.equal(3.7);
    expect(cell("boolean", ".spec.isOn")).to.equal(true);
    expect(cell("date", ".metadata.creationTimestamp")).to.equal("5s");
    expect(cell("string", ".spec.parts")).to.equal('["a"]');
  });

  it("shows nothing for values that are missing or of another type", () => {
    expect(cell("date", ".spec.none")).to.equal(null);
    expect(cell("integer", ".spec.text")).to.equal(null);
    expect(cell("string", ".spec.none")).to.equal(null);
  });
});
