import { expect } from "chai";
import type { Terminal } from "../terminal.ts";
import { paragraph } from "./paragraph.ts";
import { ProgressLine } from "./progress-line.ts";

function aTerminal(isWatched: boolean) {
  const written: string[] = [];
  const listeners = new Set<() => void>();
  const terminal = {
    out: (text: string) => void written.push(text),
    isWatched,
    columns: 40,
    hasColours: false,
    onResize: (resized: () => void) => {
      listeners.add(resized);
      return () => listeners.delete(resized);
    },
  };
  const resizeTo = (columns: number) => {
    terminal.columns = columns;
    for (const resized of listeners) resized();
  };
  return { written, terminal: terminal as unknown as Terminal, resizeTo, listeners };
}

const CLEAR = "\r\u001B[2K";

describe("ProgressLine", () => {
  it("updates one line on a terminal, never wider than that, and takes it away at the end", () => {
    const { written, terminal } = aTerminal(true);
    const progress = new ProgressLine(terminal);
    progress.show({ says: "2/3 updated", ticks: "1s of 45s" });
    progress.show({ says: "2/3 updated", ticks: "2s of 45s" });
    progress.show({ says: "a reason that is much too long for this line", ticks: "3s" });
    progress.end();
    expect(written.slice(0, 2)).to.deep.equal([
      `${CLEAR}2/3 updated (1s of 45s)`,
      `${CLEAR}2/3 updated (2s of 45s)`,
    ]);
    expect(written[2]?.slice(CLEAR.length))
      .to.match(/^a reason .*… \(3s\)$/)
      .and.to.have.lengthOf(39);
    expect(written[3]).to.equal(CLEAR);
  });

  it("keeps the reason on a narrow terminal, in fewer words, and writes the line again when it is resized", () => {
    const { written, terminal, resizeTo, listeners } = aTerminal(true);
    const progress = new ProgressLine(terminal);
    const says = "revision 4: 1/3 updated, 1 available, 2 old; ImagePullFailing";
    progress.show({ says, short: "revision 4: 1/3; ImagePullFailing", ticks: "5s" });
    expect(written.at(-1)).to.equal(`${CLEAR}revision 4: 1/3; ImagePullFailing (5s)`);
    resizeTo(80);
    expect(written.at(-1)).to.equal(`${CLEAR}${says} (5s)`);
    progress.end();
    expect(listeners.size).to.equal(0);
  });

  it("writes a line elsewhere when something has happened, and none for the time that passes", () => {
    const { written, terminal } = aTerminal(false);
    const progress = new ProgressLine(terminal);
    progress.show({ says: "2/3 updated", ticks: "1s of 45s" });
    progress.show({ says: "2/3 updated", ticks: "2s of 45s" });
    progress.show({ says: "3/3 updated", ticks: undefined });
    progress.end();
    expect(written).to.deep.equal(["2/3 updated\n", "3/3 updated\n"]);
  });
});

describe("paragraph", () => {
  it("is broken into lines for whoever looks on, and is one line for a file", () => {
    const text = "word ".repeat(12).trim();
    expect(paragraph(text, { isWatched: true, columns: 40 }, "  ").trimEnd().split("\n")).to.have.lengthOf(2);
    expect(paragraph(text, { isWatched: false, columns: 40 }, "  ")).to.equal(`  ${text}\n`);
  });

  it("lets nothing through that steers the terminal", () => {
    const text = paragraph("a\u001B[31mb", { isWatched: false, columns: 40 });
    expect(text).to.equal("ab\n");
  });
});
