import { expect } from "chai";
import { lineHead } from "./line-head.ts";

const lineOf = (metadata: object, type = "MODIFIED") =>
  JSON.stringify({ type, object: { kind: "Pod", apiVersion: "v1", metadata, spec: {} } });

const META = { name: "web-1", generateName: "web-", namespace: "shop", uid: "u1", resourceVersion: "42" };

describe("lineHead", () => {
  it("reads what changed, and how, as an API server writes it", () => {
    const expected = {
      type: "MODIFIED",
      kind: "Pod",
      namespace: "shop",
      name: "web-1",
      resourceVersion: "42",
    };
    expect(lineHead(lineOf({ ...META, labels: { a: "b" } }))).to.deep.equal(expected);
    const { generateName: _, ...named } = META;
    expect(lineHead(lineOf(named, "DELETED"))).to.deep.equal({ ...expected, type: "DELETED" });
  });

  it("says nothing of a line that begins in another way, so that nobody can smuggle in another namespace", () => {
    const { name, namespace, uid, resourceVersion } = META;
    const others = [
      lineOf({ annotations: { x: '","namespace":"other"' }, name, namespace, uid, resourceVersion }),
      lineOf({ ...META, name: 'a","namespace":"other' }),
      lineOf({ name, uid, resourceVersion }),
      lineOf({ ...META, resourceVersion: "" }),
      lineOf(META, "BOOKMARK"),
      lineOf(META, "ERROR"),
      "",
    ];
    for (const line of others) expect(lineHead(line), line).to.equal(undefined);
  });
});
