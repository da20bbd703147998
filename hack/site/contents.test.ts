import { join } from "node:path";
import { expect } from "chai";
import { markdownPages } from "../check/markdown-pages.ts";
import { HOME } from "./contents.ts";
import { pagesInContents, sidebar } from "./sidebar.ts";

const DOCS = join(import.meta.dirname, "../../docs");

describe("the contents of the site", () => {
  it("lead to every page below docs, once, and to no other", async () => {
    const pages = (await markdownPages(DOCS)).filter((page) => page !== HOME);
    expect(pages).to.have.length.above(100);
    expect(pagesInContents(DOCS)).to.have.members(pages);
  });

  it("have the titles of the pages, and open a section by its title", () => {
    const sections = sidebar(DOCS);
    expect(sections.find(({ text }) => text === "Concepts")).to.include({ link: "/concepts/" });
    const items = sections.flatMap((section) => section.items);
    expect(items).to.deep.include({ text: "How RolloutGuard decides", link: "/how-it-decides" });
    const causes = items.find((item) => "text" in item && item.text === "Causes");
    expect(causes).to.include({ link: "/causes/", collapsed: true });
    expect(causes)
      .to.have.property("items")
      .that.deep.includes({ text: "SlowStart", link: "/causes/slow-start" });
  });
});
