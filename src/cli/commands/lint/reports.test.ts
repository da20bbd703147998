import { expect } from "chai";
import { parse } from "yaml";
import { runCommand, type Surroundings } from "../../testing/run-command.ts";
import { DEPLOYMENT, SERVICE } from "./testing/manifests.ts";

const lint = (args: readonly string[], surroundings: Surroundings = {}) =>
  runCommand(["lint", "-f", "-", ...args], { input: `${DEPLOYMENT}---\n${SERVICE}`, ...surroundings });

describe("reports of kubectl rolloutguard lint", () => {
  it("keep to the width of the terminal, and are coloured only when they may", async () => {
    const plain = await lint(["--severity", "info"], { columns: 60 });
    expect(plain.out.split("\n").length).to.be.above(10);
    for (const line of plain.out.split("\n")) {
      expect(line.length, line).to.be.at.most(Math.max(60, longestWord(line) + 12));
    }
    expect(plain.out).to.not.include("\u001b");
    expect((await lint([], { hasColours: true })).out).to.include("\u001b[31m");
  });

  it("tell the same findings as text, wide, JSON and YAML", async () => {
    const [text, wide, asJson, asYaml] = await Promise.all(
      [[], ["-o", "wide"], ["-o", "json"], ["-o", "yaml"]].map(async (form) => (await lint(form)).out),
    );
    const [json, yaml] = [JSON.parse(asJson ?? ""), parse(asYaml ?? "")];
    expect(yaml).to.deep.equal(json);
    expect(json.counts).to.deep.include({ error: 1, objects: 2 });
    const selector = json.findings.find((one: { rule: string }) => one.rule === "service-selector");
    expect(selector).to.include({
      source: "stdin",
      line: 15,
      column: 24,
      severity: "error",
      kind: "Service",
    });
    expect(selector.documentation).to.match(/\/lint-rules\.md#service-selector$/);
    expect(wide?.trimEnd().split("\n")).to.have.length(json.findings.length + 1);
    expect(wide).to.match(/^stdin:15:24 +error +service-selector +Service\/web /m);
    expect(text?.match(/→/g)).to.have.length(json.findings.length);
    expect(text)
      .to.match(/^stdin\n/)
      .and.to.match(/^ {2}15:24 +error +service-selector$/m);
  });
});

function longestWord(line: string): number {
  return Math.max(...line.split(" ").map((word) => word.length));
}
