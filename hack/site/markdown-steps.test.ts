import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { markdownPages } from "../check/markdown-pages.ts";
import { diagrams, drawn } from "./diagrams.ts";
import type { MarkdownNode } from "./markdown-node.ts";
import { leavesDocs, repositoryLinks } from "./repository-links.ts";

const DOCS = join(import.meta.dirname, "../../docs");

describe("links out of docs", () => {
  function rewritten(page: string, url: string): string | undefined {
    const link: MarkdownNode = { type: "link", url };
    repositoryLinks("/project")()(
      { type: "root", children: [{ type: "paragraph", children: [link] }] },
      { path: page },
    );
    return link.url;
  }

  it("lead into the repository", () => {
    const blob = "https://github.com/rolloutguard/rolloutguard/blob/main";
    expect(rewritten("/project/docs/a/b.md", "../../config/samples/full.yaml")).to.equal(
      `${blob}/config/samples/full.yaml`,
    );
    expect(rewritten("/project/docs/b.md", "../crds")).to.equal(`${blob}/crds`);
    expect(rewritten("/project/docs/a/b.md", "../../charts/rolloutguard/README.md")).to.equal(
      `${blob}/charts/rolloutguard/README.md`,
    );
    expect(rewritten("/project/docs/b.md", "../README.md#try-it")).to.equal(`${blob}/README.md#try-it`);
  });

  it("are told from links between pages, which stay", () => {
    for (const url of ["b.md", "../causes/index.md", "#part", "https://example.com/config/x", "src/x.md"]) {
      expect(leavesDocs(url), url).to.equal(false);
      expect(rewritten("/project/docs/a/b.md", url)).to.equal(url);
    }
  });
});

describe("diagrams", () => {
  it("are pictures in the page, with every label, in the page's colours and from no other host", () => {
    const svg = drawn("flowchart LR\n  A[Acting] -->|patch accepted| B[Verifying]");
    for (const label of ["Acting", "patch accepted", "Verifying"]) expect(svg).to.include(label);
    expect(svg).to.include("var(--diagram-text)");
    expect(svg.replaceAll("http://www.w3.org/2000/svg", "")).not.to.include("http");
  });

  it("take the place of mermaid blocks, and of no others", () => {
    const mermaid: MarkdownNode = { type: "code", lang: "mermaid", value: "flowchart LR\n  A --> B" };
    const shell: MarkdownNode = { type: "code", lang: "sh", value: "flowchart" };
    diagrams()({ type: "root", children: [mermaid, shell] });
    expect(mermaid.type).to.equal("html");
    expect(mermaid.value)
      .to.match(/^<figure class="diagram"><svg/)
      .and.not.match(/\n\s*\n/);
    expect(shell).to.deep.equal({ type: "code", lang: "sh", value: "flowchart" });
  });

  it("of the pages can be drawn, and are narrow enough to be read", async () => {
    const widths: [string, number][] = [];
    for (const page of await markdownPages(DOCS)) {
      const text = await readFile(join(DOCS, page), "utf8");
      for (const [, diagram = ""] of text.matchAll(/^```mermaid\n([\s\S]*?)^```/gm)) {
        widths.push([page, Number(/ width="([\d.]+)"/.exec(drawn(diagram))?.[1])]);
      }
    }
    expect(widths).to.have.length.above(4);
    for (const [page, width] of widths) expect(width, page).to.be.within(100, 800);
  });

  it("that cannot be drawn stop the build", () => {
    expect(() => drawn("flowcart LR\n A --> B")).to.throw();
  });
});
