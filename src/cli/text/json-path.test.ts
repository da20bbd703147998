import { expect } from "chai";
import { UsageError } from "../exit-codes.ts";
import { jsonPathText } from "./json-path.ts";

const LIST = {
  items: [
    {
      metadata: { name: "a", annotations: { "x.io/why": "none" } },
      replicas: 3,
      conditions: [
        { type: "Ready", status: "True" },
        { type: "Good", status: "False" },
      ],
    },
    { metadata: { name: "b" }, replicas: 5, conditions: [] },
  ],
};

describe("-o jsonpath", () => {
  for (const [template, text] of [
    ["{.items[*].metadata.name}", "a b"],
    ["{$.items[0].metadata.name}", "a"],
    ["{items[0].replicas}", "3"],
    ["names: {.items[*].metadata.name}.", "names: a b."],
    ['{range .items[*]}{.metadata.name}{"\\t"}{.replicas}{"\\n"}{end}', "a\t3\nb\t5\n"],
    ["{range .items[*]}{@.metadata.name}{'\\n'}{end}", "a\nb\n"],
    ['{.items[0].conditions[?(@.type=="Good")].status}', "False"],
    ['{range .items[*]}{range .conditions[*]}{.type}={.status},{end}{"|"}{end}', "Ready=True,Good=False,||"],
    ["{.items[0].metadata.annotations.x\\.io/why}", "none"],
    ["{.items[0].metadata.annotations['x.io/why']}", "none"],
    ["{.items[-1].metadata.name}", "b"],
    ["{.items[-2].metadata.name}", "a"],
    ["{.items[0:1].metadata.name}", "a"],
    ["{..name}", "a b"],
    ["{.items[0].metadata}", '{"name":"a","annotations":{"x.io/why":"none"}}'],
    ["{.items[*].nothing}", ""],
  ] as const) {
    it(`prints of ${template} what kubectl prints`, () => {
      expect(jsonPathText(template, LIST)).to.equal(text);
    });
  }

  it("prints the whole of {@}", () => {
    expect(JSON.parse(jsonPathText("{@}", LIST))).to.deep.equal(LIST);
  });

  for (const template of ["{.items", "{range .items[*]}{.x}", "{end}", "}"]) {
    it(`refuses ${template}`, () => {
      expect(() => jsonPathText(template, LIST)).to.throw(UsageError, "jsonpath='{.metadata.name}'");
    });
  }
});
