import { expect } from "chai";
import { folderCircles, type Import } from "./folder-circles.ts";

const arrows = (...texts: string[]): Import[] =>
  texts.map((text) => {
    const [from = "", to = ""] = text.split(" -> ");
    return { from, to };
  });

describe("folderCircles", () => {
  it("finds none where imports between neighbours lead one way", () => {
    const oneWay = arrows("src/a/x.ts -> src/b/x.ts", "src/a/y.ts -> src/c.ts", "src/b/x.ts -> src/c.ts");
    expect(folderCircles(oneWay)).to.deep.equal([]);
  });

  it("finds folders that import each other though no files do, with an example of each import", () => {
    const there = "src/a/x.ts -> src/b/x.ts";
    const back = "src/b/y.ts -> src/a/y.ts";
    expect(folderCircles(arrows(there, back))).to.deep.equal([
      { folder: "src", members: ["a", "b"], imports: arrows(there, back) },
    ]);
  });

  it("finds folders that import each other through different subfolders", () => {
    const [circle] = folderCircles(arrows("src/a/w/x.ts -> src/b/y/x.ts", "src/b/z/x.ts -> src/a/v/x.ts"));
    expect(circle).to.deep.include({ folder: "src", members: ["a", "b"] });
  });

  it("finds circles by way of others, and of a file with a folder", () => {
    const [circle] = folderCircles(
      arrows("src/a/x.ts -> src/b/x.ts", "src/b/x.ts -> src/c.ts", "src/c.ts -> src/a/y.ts"),
    );
    expect(circle?.members).to.have.members(["a", "b", "c.ts"]);
  });

  it("leaves circles of files alone to the rule about files", () => {
    expect(folderCircles(arrows("src/a.ts -> src/b.ts", "src/b.ts -> src/a.ts"))).to.deep.equal([]);
  });

  it("takes the shortest circle of a folder, and one of each folder", () => {
    const circles = folderCircles(
      arrows(
        "src/a/x.ts -> src/b/x.ts",
        "src/b/x.ts -> src/c/x.ts",
        "src/c/x.ts -> src/a/x.ts",
        "src/c/y.ts -> src/b/y.ts",
        "hack/d/e/x.ts -> hack/d/f/x.ts",
        "hack/d/f/y.ts -> hack/d/e/y.ts",
      ),
    );
    expect(circles.map(({ folder, members }) => `${folder}: ${members.toSorted().join(" ")}`)).to.deep.equal([
      "hack/d: e f",
      "src: b c",
    ]);
  });

  it("looks at the folders of the root too", () => {
    const [circle] = folderCircles(arrows("src/a.ts -> hack/a.ts", "hack/b.ts -> src/b.ts"));
    expect(circle).to.deep.include({ folder: "", members: ["src", "hack"] });
  });
});
