import { EventEmitter } from "node:events";
import { expect } from "chai";
import { processTerminal } from "./terminal.ts";

/** The terminal of a process whose output has so many columns; undefined: a pipe. */
function aTerminal(columns: number | undefined) {
  const stdout = Object.assign(new EventEmitter(), { isTTY: columns !== undefined, columns });
  const process = { stdin: {}, stdout, stderr: {}, env: {} } as unknown as NodeJS.Process;
  return { stdout, terminal: processTerminal(process) };
}

describe("processTerminal", () => {
  for (const [columns, taken] of [
    [200, 200],
    [60, 60],
    [0, 80],
    [10, 40],
    [undefined, 80],
  ] as const) {
    it(`takes ${columns ?? "no"} columns for ${taken}`, () => {
      expect(aTerminal(columns).terminal.columns).to.equal(taken);
    });
  }

  it("tells when it is resized, and of the new width, until nobody listens", () => {
    const { stdout, terminal } = aTerminal(100);
    const widths: number[] = [];
    const stop = terminal.onResize(() => widths.push(terminal.columns));
    Object.assign(stdout, { columns: 70 }).emit("resize");
    stop();
    Object.assign(stdout, { columns: 50 }).emit("resize");
    expect(widths).to.deep.equal([70]);
  });
});
