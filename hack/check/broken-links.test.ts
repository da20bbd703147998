import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { brokenLinks } from "./broken-links.ts";

describe("brokenLinks", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "links-"));
  });
  afterEach(() => rm(root, { recursive: true }));

  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };

  it("lets links to files, folders, headings and other sites be", async () => {
    await write("docs/b.md", "# What `it` is, and [why](a.md)\n## Why\n## Why\n");
    await write(
      "docs/a.md",
      "[b](b.md) [it](b.md#what-it-is-and-why) [again](b.md#why-1) [folder](../docs/) [site](https://example.com/x) [here](#a)\n# A\n",
    );
    expect(await brokenLinks(root)).to.deep.equal([]);
  });

  it("finds links to files and headings that are not there", async () => {
    await write("docs/a.md", "# A\n[gone](gone.md) [b](b.md#gone) ![picture](a.svg) [here](#b)\n");
    await write("docs/b.md", "# B\n");
    expect(await brokenLinks(root)).to.deep.equal([
      "docs/a.md: gone.md",
      "docs/a.md: b.md#gone",
      "docs/a.md: a.svg",
      "docs/a.md: #b",
    ]);
  });

  it("takes code for code", async () => {
    await write("a.md", "# A\n`[x](gone.md)`\n```sh\n# B\n[x](gone.md)\n```\n[b](#b)\n");
    expect(await brokenLinks(root)).to.deep.equal(["a.md: #b"]);
  });

  it("fails when there are no pages", async () => {
    const error = await brokenLinks(root).catch((thrown: Error) => thrown);
    expect(error).to.be.instanceOf(Error);
  });

  it("finds none in the project", async () => {
    expect(await brokenLinks(join(import.meta.dirname, "../.."))).to.deep.equal([]);
  });
});
