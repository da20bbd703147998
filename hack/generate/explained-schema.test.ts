import { expect } from "chai";
import { buildCrd } from "./crds.ts";
import { CUSTOM_RESOURCES } from "./custom-resources.ts";
import type { StructuralSchema } from "./structural-schema.ts";

const GUARD = CUSTOM_RESOURCES.find(({ kind }) => kind === "RolloutGuard");

/** Every field below, with its path. */
function* fieldsOf(
  schema: StructuralSchema | undefined,
  path: string,
): Generator<[string, StructuralSchema]> {
  for (const [name, field] of Object.entries(schema?.properties ?? {})) {
    yield [`${path}.${name}`, field];
    yield* fieldsOf(field, `${path}.${name}`);
  }
  if (schema?.items) yield* fieldsOf(schema.items, `${path}[]`);
}

describe("what kubectl explain says of a RolloutGuard", () => {
  if (!GUARD) throw new Error("there is no RolloutGuard");
  const schema = buildCrd(GUARD).spec.versions[0]?.schema.openAPIV3Schema;
  const fields = new Map(fieldsOf(schema?.properties?.["spec"], "spec"));

  it("names form and default of bakeTime", () => {
    expect(fields.get("spec.bakeTime")?.description).to.match(
      / Must be from 10s to 24h, for example 5m\. Default: 5m\.$/,
    );
  });

  it("names the default of every field that has one", () => {
    const plain = [...fields].filter(
      ([, { type, default: byDefault }]) => type !== "object" && type !== "array" && byDefault !== undefined,
    );
    expect(plain).to.have.lengthOf.above(20);
    for (const [path, field] of plain) {
      expect(field.description, path).to.include(`Default: ${String(field.default)}.`);
    }
  });

  it("names the range of every number, and the form of every duration", () => {
    for (const [path, field] of fields) {
      if (field.type === "integer") expect(field.description, path).to.match(/Must be from \d+ to \d+\./);
      if (field.pattern?.includes("ms|s|m|h"))
        expect(field.description, path).to.match(/Must be .*from \w+ to \w+, for example /);
    }
  });

  it("says of what operators write only what it means", () => {
    for (const [path, field] of fieldsOf(schema?.properties?.["status"], "status")) {
      expect(field.description, path).not.to.include("Must be ");
    }
  });
});
