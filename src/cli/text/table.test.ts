import { expect } from "chai";
import { type Column, tableText } from "./table.ts";

interface Row {
  readonly name: string;
  readonly image: string;
}

const ROWS: readonly Row[] = [
  { name: "shop", image: "shop:v2" },
  { name: "checkout-service", image: "-" },
];
const COLUMNS: readonly Column<Row>[] = [
  { title: "NAME", of: ({ name }) => name, paint: (text) => `<${text}>` },
  { title: "IMAGE", of: ({ image }) => image, isSpare: true },
  { title: "AGE", of: () => "5d" },
];

describe("tableText", () => {
  it("aligns columns by what is seen, not by the colours, and leaves no spaces at the ends of lines", () => {
    expect(tableText(COLUMNS, ROWS, { isWatched: false, columns: 10 })).to.equal(
      [
        "NAME               IMAGE     AGE",
        "<shop>               shop:v2   5d",
        "<checkout-service>   -         5d",
        "",
      ].join("\n"),
    );
  });

  it("leaves out on a narrow terminal what can be spared, and nothing where nobody looks", () => {
    expect(tableText(COLUMNS, ROWS, { isWatched: true, columns: 25 })).not.to.include("IMAGE");
    expect(tableText(COLUMNS, ROWS, { isWatched: true, columns: 80 })).to.include("IMAGE");
    expect(tableText(COLUMNS, ROWS, { isWatched: true, columns: 5 }))
      .to.include("NAME")
      .and.to.include("AGE");
  });
});
