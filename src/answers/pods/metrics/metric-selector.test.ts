import { expect } from "chai";
import { parseSelector, SelectorError } from "./metric-selector.ts";

async function matches(selector: string, labels: Readonly<Record<string, string>>): Promise<boolean> {
  return (await parseSelector(selector)).matches(labels);
}

describe("parseSelector", () => {
  it("reads a name, with labels if needed", async () => {
    expect((await parseSelector("http_requests_total")).metric).to.equal("http_requests_total");
    expect((await parseSelector(' job:requests:rate5m { code = "500" , } ')).metric).to.equal(
      "job:requests:rate5m",
    );
    expect(await matches("a{}", { code: "500" })).to.equal(true);
  });

  it("matches as Prometheus does: all matchers, anchored patterns, missing labels as empty ones", async () => {
    const labels = { code: "503", method: "GET" };
    for (const selector of [
      'a{code="503"}',
      'a{code=~"5.."}',
      'a{code!~"4..",method!="POST"}',
      'a{path=""}',
      "a{code=~`50\\d`}",
      "a{code='503'}",
    ])
      expect(await matches(selector, labels), selector).to.equal(true);
    for (const selector of [
      'a{code="50"}',
      'a{code=~"50"}',
      'a{code=~"5.",method="GET"}',
      'a{path!=""}',
      'a{code!~"5.*"}',
    ])
      expect(await matches(selector, labels), selector).to.equal(false);
  });

  it("reads what is escaped", async () => {
    expect(await matches('a{path="say \\"hi\\",\\\\ }"}', { path: 'say "hi",\\ }' })).to.equal(true);
    expect(await matches('a{path=~"/v1/\\\\d+"}', { path: "/v1/7" })).to.equal(true);
  });

  it("refuses everything else, with a sentence", async () => {
    const texts = [
      "",
      "{}",
      "a b",
      "rate(a[5m])",
      "a[5m]",
      "a + b",
      'a{code="500"',
      "a{code}",
      'a{code=="5"}',
      'a{code="5}',
      'a{code="1" b="2"}',
      'a{=~"x"}',
      'a{code=~"("}',
      "a{code=500}",
      "a offset 5m",
      'a{code=~"(a{1,100}){1,100}"}',
    ];
    for (const text of texts) {
      const failure = await parseSelector(text).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(failure, text).to.be.instanceOf(SelectorError);
    }
  });
});
