import { Ajv } from "ajv";
import { expect } from "chai";
import { ORDERED_RULES } from "../../../manifests/ordered-rules.ts";
import { runCommand } from "../../testing/run-command.ts";
import { SARIF_SCHEMA } from "./testing/sarif-schema.ts";

const INPUT = `apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: wbe-server}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web-server}}, spec: {containers: [{name: web, image: web}]}}}
`;

async function sarifOf(input: string) {
  const { out } = await runCommand(["lint", "-f", "-", "-o", "sarif", "--severity", "info"], { input });
  return JSON.parse(out);
}

describe("SARIF of a lint", () => {
  for (const [what, input] of [
    ["with findings", INPUT],
    ["without", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}"],
    ["of input that cannot all be read", `${INPUT}---\na: [`],
  ] as const) {
    it(`has the form of version 2.1.0, ${what}`, async () => {
      const isValid = new Ajv().compile(SARIF_SCHEMA);
      expect(isValid(await sarifOf(input)), JSON.stringify(isValid.errors)).to.equal(true);
    });
  }

  it("has every rule, and points each result at its rule and place", async () => {
    const [run] = (await sarifOf(INPUT)).runs;
    expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).to.deep.equal(
      ORDERED_RULES.map(({ id }) => id),
    );
    for (const { ruleId, ruleIndex } of run.results)
      expect(run.tool.driver.rules[ruleIndex].id).to.equal(ruleId);
    const selector = run.results.find(({ ruleId }: { ruleId: string }) => ruleId === "service-selector");
    expect(selector.level).to.equal("error");
    expect(selector.locations[0].physicalLocation).to.deep.equal({
      artifactLocation: { uri: "stdin" },
      region: { startLine: 4, startColumn: 19 },
    });
    expect(selector.locations[0].logicalLocations[0].fullyQualifiedName).to.equal("shop/Service/web");
    expect(run.results.map(({ level }: { level: string }) => level)).to.include("note");
  });

  it("says that not all was read", async () => {
    const [run] = (await sarifOf(`${INPUT}---\na: [`)).runs;
    expect(run.invocations[0].executionSuccessful).to.equal(false);
    expect(run.invocations[0].toolExecutionNotifications).to.have.length(1);
  });
});
