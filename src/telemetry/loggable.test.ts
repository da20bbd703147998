import { expect } from "chai";
import { toLoggable } from "./loggable.ts";

describe("toLoggable", () => {
  for (const name of [
    "token",
    "password",
    "Authorization",
    "client-key-data",
    "apiKey",
    "clientSecret",
    "cookie",
  ]) {
    it(`hides the value of ${name}`, () => {
      expect(toLoggable({ deep: [{ [name]: "s3cr3t" }] })).to.deep.equal({ deep: [{ [name]: "[hidden]" }] });
    });
  }

  for (const name of ["key", "secretName", "namespace", "reason"]) {
    it(`shows the value of ${name}`, () => {
      expect(toLoggable({ [name]: "shown" })).to.deep.equal({ [name]: "shown" });
    });
  }

  it("hides the data of a Secret whatever its keys are called", () => {
    const secret = {
      kind: "Secret",
      metadata: { name: "db" },
      data: { url: "cG9zdGdyZXM=" },
      stringData: { a: "b" },
    };
    expect(toLoggable({ object: secret })).to.deep.equal({
      object: { kind: "Secret", metadata: { name: "db" }, data: "[hidden]", stringData: "[hidden]" },
    });
  });

  it("hides credentials inside sentences", () => {
    const message = "sent authorization: Bearer abc.def-123456";
    expect(JSON.stringify(toLoggable({ error: new Error(message) }))).not.to.contain("abc.def");
  });

  it("never changes what it is given", () => {
    const fields = Object.freeze({ nested: Object.freeze({ token: "t", list: Object.freeze([1]) }) });
    toLoggable(fields);
    expect(fields).to.deep.equal({ nested: { token: "t", list: [1] } });
  });

  it("turns what JSON cannot say into something it can", () => {
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const copied = toLoggable({
      circular,
      map: new Map([["a", 1]]),
      set: new Set([1, 2]),
      big: 12n,
      at: new Date(0),
      bytes: new Uint8Array(3),
    });
    expect(JSON.parse(JSON.stringify(copied))).to.deep.equal({
      circular: { self: "[circular]" },
      map: { a: 1 },
      set: [1, 2],
      big: "12",
      at: "1970-01-01T00:00:00.000Z",
      bytes: "[3 bytes]",
    });
  });

  it("stops at a depth at which nobody reads on", () => {
    let deep: unknown = "end";
    for (let level = 0; level < 50; level += 1) deep = { deep };
    expect(JSON.stringify(toLoggable({ deep }))).to.contain("[too deep]");
  });

  it("begins long texts and lists and leaves out the rest: a refusal may quote what it refuses", () => {
    const logged = toLoggable({
      text: "x".repeat(1_000_000),
      list: Array.from({ length: 5_000 }, () => "y"),
    });
    expect(JSON.stringify(logged).length).to.be.lessThan(10_000);
    expect(logged).to.have.property("list").with.length(100);
  });
});
