import { Writable } from "node:stream";
import { expect } from "chai";
import type { LogLevel } from "./log-record.ts";
import { createLogger, type LogFormat, type Logger } from "./logger.ts";

/** A logger and what it wrote. */
function aLogger({ level = "debug", format = "json", isTTY = false }: Partial<Setup> = {}) {
  let written = "";
  const output = Object.assign(
    new Writable({
      write(chunk, _encoding, done) {
        written += chunk;
        done();
      },
    }),
    { isTTY },
  );
  const logger: Logger = createLogger({ level, format, output });
  return { logger, text: () => written, lines: () => written.split("\n").filter((line) => line !== "") };
}
interface Setup {
  readonly level: LogLevel;
  readonly format: LogFormat;
  readonly isTTY: boolean;
}

describe("createLogger", () => {
  it("writes one JSON object a line with time, level, message and fields", () => {
    const { logger, lines } = aLogger();
    logger.info("Rolled back", { from: 7, to: 6 });
    logger.warn("Slow");
    const [first, second] = lines().map((line) => JSON.parse(line));
    expect(first).to.include({ level: "info", message: "Rolled back", from: 7, to: 6 });
    expect(new Date(first.time).toISOString()).to.equal(first.time);
    expect(second).to.have.keys("time", "level", "message");
  });

  it("lets nobody steer the terminal of who reads it", () => {
    const { logger, text } = aLogger({ format: "text" });
    const evil = "\u001b[2Jgone\r\n\u202eback\u0007";
    logger.warn(evil, { name: evil, word: "\u001b[1m", error: new Error(evil) });
    const [head = ""] = text().split("\n");
    expect(head).to.include("gone \uFFFDback");
    const withoutColours = text().replaceAll(new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, "g"), "");
    expect(withoutColours).not.to.match(/(?!\n)\p{Cc}|\p{Bidi_Control}/u);
  });

  it("leaves out what is below its level", () => {
    const { logger, lines } = aLogger({ level: "warn" });
    logger.debug("a");
    logger.info("b");
    logger.warn("c");
    logger.error("d");
    expect(lines().map((line) => JSON.parse(line).message)).to.deep.equal(["c", "d"]);
  });

  it("adds a child's fields to each of the child's lines, and not to the parent's", () => {
    const { logger, lines } = aLogger();
    logger.child({ guard: "shop/cart" }).child({ reconcileId: 4 }).info("x", { rollout: "596f" });
    logger.info("y");
    const [first, second] = lines().map((line) => JSON.parse(line));
    expect(first).to.include({ guard: "shop/cart", reconcileId: 4, rollout: "596f" });
    expect(second).not.to.have.any.keys("guard", "reconcileId");
  });

  it("keeps its message when a field has the same name", () => {
    const { logger, lines } = aLogger();
    logger.info("The message", { message: "a field", level: 3 });
    expect(JSON.parse(lines()[0] ?? "")).to.include({
      level: "info",
      message: "The message",
      "field.message": "a field",
      "field.level": 3,
    });
  });

  it("writes an error with its cause and code", () => {
    const { logger, lines } = aLogger();
    const cause = Object.assign(new Error("reset"), { code: "ECONNRESET" });
    logger.error("Could not list pods", { error: new Error("GET /pods failed", { cause }) });
    const { error } = JSON.parse(lines()[0] ?? "");
    expect(error.message).to.equal("GET /pods failed");
    expect(error.cause).to.deep.equal({ name: "Error", message: "reset", code: "ECONNRESET" });
    expect(error.stack).to.contain("logger.test.ts");
  });

  it("writes text on a terminal and JSON elsewhere when the format is auto", () => {
    const terminal = aLogger({ format: "auto", isTTY: true });
    terminal.logger.info("Hello");
    expect(terminal.text()).to.match(/INFO.*Hello/);
    const pipe = aLogger({ format: "auto" });
    pipe.logger.info("Hello");
    expect(JSON.parse(pipe.text())).to.include({ message: "Hello" });
  });

  it("writes text without colours where nobody sees colours", () => {
    const { logger, text } = aLogger({ format: "text" });
    logger.info("Rolled back", { guard: "shop/cart", why: "two words" });
    expect(text()).to.match(
      /^\d\d:\d\d:\d\d\.\d{3} INFO {2}Rolled back {2}guard=shop\/cart {2}why="two words"\n$/,
    );
  });

  it("shows an error in text as its message and cause, with the stack below", () => {
    const { logger, lines } = aLogger({ format: "text" });
    logger.error("Failed", { error: new Error("no answer", { cause: new Error("reset") }) });
    expect(lines()[0]).to.match(/ERROR Failed {2}error="no answer" \(cause: "reset"\)$/);
    expect(lines()[1]).to.equal("Error: no answer");
  });
});
