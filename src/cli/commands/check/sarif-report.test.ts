import { Ajv } from "ajv";
import { expect } from "chai";
import { ORDERED_CHECKS } from "../../../manifests/ordered-checks.ts";
import { runCommand } from "../testing/run-command.ts";

const MESSAGE = {
  type: "object",
  required: ["text"],
  properties: { text: { type: "string", minLength: 1 } },
};
const LEVEL = { enum: ["none", "note", "warning", "error"] };
const LOCATION = {
  type: "object",
  additionalProperties: false,
  properties: {
    physicalLocation: {
      type: "object",
      required: ["artifactLocation"],
      additionalProperties: false,
      properties: {
        artifactLocation: {
          type: "object",
          required: ["uri"],
          properties: { uri: { type: "string", pattern: "^[^\\\\ ]+$" } },
        },
        region: {
          type: "object",
          additionalProperties: false,
          properties: {
            startLine: { type: "integer", minimum: 1 },
            startColumn: { type: "integer", minimum: 1 },
          },
        },
      },
    },
    logicalLocations: {
      type: "array",
      items: {
        type: "object",
        additionalProperties: false,
        properties: {
          name: { type: "string" },
          kind: { type: "string" },
          fullyQualifiedName: { type: "string" },
        },
      },
    },
  },
};

/** What SARIF 2.1.0 asks of the parts that are used here (OASIS, sarif-schema-2.1.0.json). */
const SARIF = {
  type: "object",
  required: ["version", "runs"],
  additionalProperties: false,
  properties: {
    $schema: { type: "string" },
    version: { const: "2.1.0" },
    runs: {
      type: "array",
      items: {
        type: "object",
        required: ["tool"],
        additionalProperties: false,
        properties: {
          tool: {
            type: "object",
            required: ["driver"],
            properties: {
              driver: {
                type: "object",
                required: ["name"],
                additionalProperties: false,
                properties: {
                  name: { type: "string" },
                  version: { type: "string" },
                  semanticVersion: { type: "string" },
                  informationUri: { type: "string", pattern: "^https://" },
                  rules: {
                    type: "array",
                    uniqueItems: true,
                    items: {
                      type: "object",
                      required: ["id"],
                      additionalProperties: false,
                      properties: {
                        id: { type: "string" },
                        shortDescription: MESSAGE,
                        fullDescription: MESSAGE,
                        helpUri: { type: "string", pattern: "^https://" },
                        defaultConfiguration: { type: "object", properties: { level: LEVEL } },
                      },
                    },
                  },
                },
              },
            },
          },
          columnKind: { enum: ["utf16CodeUnits", "unicodeCodePoints"] },
          invocations: {
            type: "array",
            items: {
              type: "object",
              required: ["executionSuccessful"],
              additionalProperties: false,
              properties: {
                executionSuccessful: { type: "boolean" },
                toolExecutionNotifications: {
                  type: "array",
                  items: {
                    type: "object",
                    required: ["message"],
                    additionalProperties: false,
                    properties: {
                      message: MESSAGE,
                      level: LEVEL,
                      locations: { type: "array", items: LOCATION },
                    },
                  },
                },
              },
            },
          },
          results: {
            type: "array",
            items: {
              type: "object",
              required: ["message"],
              additionalProperties: false,
              properties: {
                ruleId: { type: "string" },
                ruleIndex: { type: "integer", minimum: 0 },
                level: LEVEL,
                message: MESSAGE,
                locations: { type: "array", items: LOCATION },
              },
            },
          },
        },
      },
    },
  },
};

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
  const { out } = await runCommand(["check", "-f", "-", "-o", "sarif", "--severity", "info"], { input });
  return JSON.parse(out);
}

describe("SARIF of a check", () => {
  for (const [what, input] of [
    ["with findings", INPUT],
    ["without", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}"],
    ["of input that cannot all be read", `${INPUT}---\na: [`],
  ] as const) {
    it(`has the form of version 2.1.0, ${what}`, async () => {
      const isValid = new Ajv().compile(SARIF);
      expect(isValid(await sarifOf(input)), JSON.stringify(isValid.errors)).to.equal(true);
    });
  }

  it("has every check as a rule, and points each result at its rule and place", async () => {
    const [run] = (await sarifOf(INPUT)).runs;
    expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).to.deep.equal(
      ORDERED_CHECKS.map(({ id }) => id),
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
