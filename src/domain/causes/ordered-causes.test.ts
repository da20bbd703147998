import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { CAUSES, causePage } from "../../api/causes.ts";
import { causesIn, expectCause, refused, unready } from "../testing/expect-cause.ts";
import { seconds } from "../testing/instants.ts";
import { at } from "../testing/scene.ts";
import { ORDERED_CAUSES } from "./ordered-causes.ts";

describe("causesOf", () => {
  it("knows every class, and has a page for each", () => {
    const recognised = Object.values(ORDERED_CAUSES)
      .flat()
      .flatMap(({ recognises }) => recognises);
    expect([...new Set([...recognised, "Unknown"])]).to.have.members(Object.keys(CAUSES));
    expect(causePage("ProbePortNotServed")).to.equal("causes/probe-port-not-served.md");
  });

  it("gives each class once, whatever else fails", () => {
    const causes = causesIn({ reason: "NotReady", facts: [unready, refused(8080), at(seconds(30))] });
    expect(new Set(causes.map((cause) => cause.class)).size).to.equal(causes.length);
  });

  it("says that the cause is unknown where nothing tells, and begins with what the rollout changed", () => {
    expectCause({
      reason: "NotReady",
      facts: [unready],
      cause: "Unknown",
      certainty: "Unknown",
      names: /The cause is unknown.*Start with what the rollout changed: container app: image/,
    });
    expectCause({
      reason: "PodRejected",
      says: "nodes rejected 3 pods of checkout-596f7cbf4b in a row: SysctlForbidden",
      cause: "Unknown",
      certainty: "Unknown",
      names: /nodes rejected 3 pods.*SysctlForbidden.*Start with what the rollout changed/,
    });
  });
});

describe("a classifier", () => {
  const folder = import.meta.dirname;
  const files = readdirSync(folder)
    .filter((file) => !file.endsWith(".test.ts"))
    .filter((file) => readFileSync(join(folder, file), "utf8").includes(": Classifier = {"));

  it("has a file of its own, and a test of the same name beside it", () => {
    const classifiers = new Set(Object.values(ORDERED_CAUSES).flat());
    expect(files).to.have.length(classifiers.size);
    for (const file of files) {
      expect(existsSync(join(folder, file.replace(/\.ts$/, ".test.ts"))), `a test of ${file}`).to.equal(true);
    }
  });
});
