import { expect } from "chai";
import { someResults } from "../testing/some-results.ts";
import { growthPlot, withResults } from "./performance-page.ts";

const BEGIN = "<!-- results: written by `npm run generate` from docs/quality/performance.json -->";
const END = "<!-- end of results -->";

describe("the performance page", () => {
  it("gets the results between its markers, and nothing else of it changes", () => {
    const page = withResults(`before\n${BEGIN}\nold\n${END}\nafter\n`, someResults());
    expect(page)
      .to.match(/^before\n/)
      .and.to.match(/\nafter\n$/);
    expect(page).to.include("| first sync, from the start of the process | 6.40 s | ≤ 8 | ✓ |");
    expect(page).not.to.include("old");
    expect(withResults(page, someResults())).to.equal(page);
  });

  it("is refused when it has no markers", () => {
    expect(() => withResults("a page", someResults())).to.throw("no markers");
  });

  it("has a plot with a point for each size of the growth series", () => {
    const plot = growthPlot(someResults());
    expect(plot.match(/<circle/g)).to.have.lengthOf(6 * 3);
    expect(plot).to.include("Decisive event to patch");
    expect(plot).not.to.match(/NaN|undefined|Infinity/);
  });

  it("is not drawn without a growth series", () => {
    expect(() => growthPlot(someResults({ growth: [] }))).to.throw("no growth series");
  });
});
