import { expect } from "chai";
import { ApiError } from "../api-error.ts";
import { applyJsonPatch } from "./json-patch.ts";

describe("applyJsonPatch", () => {
  const target = { metadata: { annotations: { "a.io/b": "1" } }, list: [1, 2, 3] };

  it("adds, replaces, removes, moves and copies, with escaped names and list positions", () => {
    const result = applyJsonPatch(target, [
      { op: "replace", path: "/metadata/annotations/a.io~1b", value: "2" },
      { op: "add", path: "/list/1", value: 9 },
      { op: "add", path: "/list/-", value: 4 },
      { op: "remove", path: "/list/0" },
      { op: "copy", from: "/list/0", path: "/first" },
      { op: "move", from: "/first", path: "/second" },
    ]);
    expect(result).to.deep.equal({
      metadata: { annotations: { "a.io/b": "2" } },
      list: [9, 2, 3, 4],
      second: 9,
    });
  });

  it("leaves the target as it was", () => {
    const before = structuredClone(target);
    applyJsonPatch(target, [{ op: "remove", path: "/metadata/annotations" }]);
    expect(target).to.deep.equal(before);
  });

  it("passes a test of an equal value", () => {
    const test = { op: "test", path: "/metadata/annotations", value: { "a.io/b": "1" } };
    expect(applyJsonPatch(target, [test])).to.equal(target);
  });

  for (const [what, operation] of [
    ["a test of another value", { op: "test", path: "/list/0", value: 2 }],
    ["a test below what is not there", { op: "test", path: "/missing/below", value: null }],
    ["a replacement below what is not there", { op: "replace", path: "/missing/below", value: 1 }],
    ["a removal of what is not there", { op: "remove", path: "/metadata/labels" }],
    ["an addition below what is not there", { op: "add", path: "/metadata/labels/a", value: "b" }],
    ["an addition beyond a list's end", { op: "add", path: "/list/9", value: 1 }],
  ] as const) {
    it(`refuses ${what} with 422, as a real server does`, () => {
      expect(() => applyJsonPatch(target, [operation]))
        .to.throw(ApiError, "the server rejected our request due to an error in our request")
        .with.property("code", 422);
    });
  }

  it("adds a member that is to be replaced and is not there", () => {
    expect(applyJsonPatch({ a: 1 }, [{ op: "replace", path: "/b", value: 2 }])).to.deep.equal({ a: 1, b: 2 });
  });

  it("refuses a patch that is no list with 400", () => {
    expect(() => applyJsonPatch(target, { op: "add" }))
      .to.throw(ApiError)
      .with.property("code", 400);
  });
});
