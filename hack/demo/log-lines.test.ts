import { Writable } from "node:stream";
import { expect } from "chai";
import { readableLogLines } from "./log-lines.ts";

const nowhere = new Writable();

describe("readableLogLines", () => {
  it("writes a record as the operator does on a terminal, without stacks", () => {
    const error = { name: "Error", message: "no route", stack: "Error: no route\n    at here" };
    const record = { time: "2026-11-21T06:00:01.500Z", level: "warn", message: "try again", error };
    expect(readableLogLines([JSON.stringify(record)], nowhere)).to.deep.equal([
      '06:00:01.500 WARN  try again  error="no route"',
    ]);
  });

  it("leaves alone what is no record", () => {
    const lines = ["SyntaxError: Unexpected token", "{}", "null"];
    expect(readableLogLines(lines, nowhere)).to.deep.equal(lines);
  });
});
