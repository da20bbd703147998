import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { faultsOfSite } from "./faults-of-site.ts";

describe("faults of a built site", () => {
  let built: string;

  beforeEach(async () => {
    built = await mkdtemp(join(tmpdir(), "site-"));
  });
  afterEach(() => rm(built, { recursive: true }));

  async function write(path: string, text: string): Promise<void> {
    await mkdir(join(built, dirname(path)), { recursive: true });
    await writeFile(join(built, path), text);
  }

  it("are none where links lead to pages and files, with or without .html, from any folder", async () => {
    await write("index.html", '<a class="x" href="/a/">a</a> <a href="a/b#part">b</a> <img src="/icon.svg">');
    await write(
      "a/index.html",
      '<a href="./b.html">b</a> <a href="../">home</a> <a href="#here">here</a><b id="here">',
    );
    await write(
      "a/b.html",
      '<h2 id="part"><a href="https://example.com/c#d">another site, when the reader wants it</a>',
    );
    await write("icon.svg", "<svg/>");
    expect(await faultsOfSite(built)).to.deep.equal([]);
  });

  it("are links and pictures that lead nowhere, and parts that a page lacks", async () => {
    await write(
      "a/index.html",
      '<a href="/gone">a</a> <a href="b">b</a> <a href="#d">d</a> <a href="/a/#e">e</a> <img alt="" src="c.svg">',
    );
    expect(await faultsOfSite(built)).to.deep.equal([
      "a/index.html: /gone is not there",
      "a/index.html: b is not there",
      "a/index.html: #d is not there",
      "a/index.html: /a/#e is not there",
      "a/index.html: c.svg is not there",
    ]);
  });

  it("are scripts, styles, fonts and pictures of other hosts", async () => {
    await write(
      "index.html",
      '<script defer src="https://cdn.example/x.js"></script><link rel="stylesheet" href="//cdn.example/x.css">' +
        "<img src=\"https://cdn.example/x.png\"><style>@import url('https://fonts.example/x')</style>",
    );
    await write("x.css", "@font-face { src: url(https://fonts.example/y) }");
    expect(await faultsOfSite(built)).to.deep.equal([
      "index.html: loads https://cdn.example/x.js from another host",
      "index.html: loads https://cdn.example/x.png from another host",
      "index.html: loads //cdn.example/x.css from another host",
      "index.html: loads https://fonts.example/x from another host",
      "x.css: loads https://fonts.example/y from another host",
    ]);
  });

  it("cannot be said of a site without pages", async () => {
    const error = await faultsOfSite(built).catch((thrown: unknown) => thrown);
    expect(error).to.be.an("error").with.property("message").that.includes("no pages");
  });
});
