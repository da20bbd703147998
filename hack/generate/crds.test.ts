// The checked-in CRDs, the schemas in src/api and the samples must say the same.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { expect } from "chai";
import { parse } from "yaml";
import type { z } from "zod";
import { API_VERSION } from "../../src/api/group.ts";
import { incidentSpecSchema, incidentStatusSchema } from "../../src/api/incident.ts";
import { rolloutGuardSpecSchema, rolloutGuardStatusSchema } from "../../src/api/rollout-guard.ts";
import type { buildCrd } from "./crds.ts";
import { fieldsOfZod, walk } from "./testing/schema-walk.ts";

const ROOT = join(import.meta.dirname, "../..");
const read = (path: string) => parse(readFileSync(join(ROOT, path), "utf8"));
const crdOf = (plural: string): ReturnType<typeof buildCrd> => read(`crds/rolloutguard.io_${plural}.yaml`);
const schemaOf = (crd: ReturnType<typeof buildCrd>) => {
  const schema = crd.spec.versions[0]?.schema.openAPIV3Schema;
  if (!schema) throw new Error("the CRD has no schema");
  return schema;
};

const RESOURCES: readonly { plural: string; spec: z.ZodType; status: z.ZodType }[] = [
  { plural: "rolloutguards", spec: rolloutGuardSpecSchema, status: rolloutGuardStatusSchema },
  { plural: "incidents", spec: incidentSpecSchema, status: incidentStatusSchema },
];

for (const { plural, spec, status } of RESOURCES) {
  describe(`the CRD of ${plural}`, () => {
    const crd = crdOf(plural);
    const schema = schemaOf(crd);
    const fields = [...walk(schema, "")];

    it("has exactly the fields of the types", () => {
      const expected = [...fieldsOfZod(spec, ".spec"), ...fieldsOfZod(status, ".status")].sort();
      const actual = fields.map(({ path }) => path).filter((path) => /^\.(spec|status)\./.test(path));
      expect(expected.length).to.be.above(20);
      expect(actual.sort()).to.deep.equal(expected);
    });

    it("describes every field in a sentence", () => {
      for (const { path, schema } of fields) {
        if (path.endsWith("[]") || path === ".metadata") continue;
        expect(schema.description, path).to.match(/^[A-Z].*\.$/s);
      }
    });

    it("says nothing of metadata but its type: the API server refuses a CRD that says more", () => {
      expect(schema.properties?.["metadata"]).to.deep.equal({ type: "object" });
    });

    it("bounds every string, list and integer", () => {
      for (const { path, schema } of fields.filter(({ path }) => /^\.(spec|status)\./.test(path))) {
        if (schema.type === "array") expect(schema.maxItems, path).to.be.above(0);
        if (schema.type === "integer")
          expect(schema, path).to.include({ format: "int64" }).and.to.have.property("minimum");
        if (schema.type === "string" && !schema.enum && schema.format !== "date-time") {
          expect(schema.maxLength, path).to.be.above(0);
        }
      }
    });

    it("uses only patterns that Go understands too", () => {
      for (const { path, schema } of fields) {
        expect(schema.pattern ?? "", path).not.to.match(/\(\?[=!<]|\\[1-9k]/);
        expect(() => new RegExp(schema.pattern ?? "")).not.to.throw();
      }
    });

    it("shows columns of fields that exist, the age last of those that are always shown", () => {
      const columns = crd.spec.versions[0]?.additionalPrinterColumns ?? [];
      const known = new Set(fields.map(({ path }) => path));
      for (const { jsonPath } of columns) {
        const field = jsonPath.replaceAll(/\[[^\]]*\]/g, "[]");
        expect(known.has(field) || jsonPath === ".metadata.creationTimestamp", jsonPath).to.equal(true);
      }
      const always = columns.filter(({ priority }) => !priority).map(({ name }) => name);
      expect(always.at(-1)).to.equal("Age");
    });

    it("keeps status apart from spec, and can be found under short names", () => {
      expect(crd.spec.versions[0]?.subresources).to.deep.equal({ status: {} });
      expect(crd.spec.names.shortNames).to.have.length(1);
      expect(crd.spec.names.categories).to.deep.equal(["rolloutguard-all"]);
      expect(schema.required).to.deep.equal(["spec"]);
    });

    it("names no category like a resource: kubectl would take the resource for the category", () => {
      const names = RESOURCES.flatMap(({ plural }) => {
        const { singular, shortNames } = crdOf(plural).spec.names;
        return [plural, singular, ...shortNames];
      });
      for (const category of crd.spec.names.categories) expect(names).not.to.include(category);
    });
  });
}

describe("config/samples", () => {
  const ajv = new Ajv({ useDefaults: true, strict: false, formats: { int64: true, "date-time": true } });
  const validate = ajv.compile(schemaOf(crdOf("rolloutguards")));
  const folder = join(ROOT, "config/samples");
  const samples = readdirSync(folder).filter(
    (name) => name.endsWith(".yaml") && name !== "kustomization.yaml",
  );

  it("hold guards for the services of the incidents that RolloutGuard was made for", () => {
    expect(samples).to.include.members([
      "checkout-service.yaml",
      "sre-app.yaml",
      "inference-api.yaml",
      "observe.yaml",
    ]);
  });

  for (const name of samples) {
    const text = readFileSync(join(folder, name), "utf8");

    it(`${name} is accepted, and completed by the API server as by the operator`, () => {
      const sample = parse(text);
      expect(sample).to.include({ apiVersion: API_VERSION, kind: "RolloutGuard" });
      const parsed = rolloutGuardSpecSchema.parse(sample.spec);
      expect(validate(sample), JSON.stringify(validate.errors)).to.equal(true);
      expect(sample.spec).to.deep.equal(parsed);
    });

    it(`${name} uses only fields that exist`, () => {
      const known = new Set(fieldsOfZod(rolloutGuardSpecSchema, ".spec"));
      for (const path of pathsIn(parse(text).spec, ".spec")) expect(known.has(path), path).to.equal(true);
    });

    it(`${name} says in a comment what it is for`, () => {
      expect(text).to.match(/^# .{20,}/);
    });
  }

  it("full.yaml has every field", () => {
    const written = new Set(pathsIn(read("config/samples/full.yaml").spec, ".spec"));
    const missing = [...fieldsOfZod(rolloutGuardSpecSchema, ".spec")].filter((path) => !written.has(path));
    expect(missing).to.deep.equal([]);
  });

  it("full.yaml writes the defaults", () => {
    const { target, services, ...full } = read("config/samples/full.yaml").spec;
    const { target: _, ...defaults } = rolloutGuardSpecSchema.parse({ target });
    const { metrics, http, ...checks } = full.checks;
    expect({ ...full, checks }).to.deep.equal(defaults);
    expect(metrics).to.have.length.above(0);
    expect(http).to.have.length.above(0);
    expect(services).to.have.length.above(0);
  });
});

function pathsIn(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return [`${path}[]`, ...value.flatMap((item) => pathsIn(item, `${path}[]`))];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    `${path}.${name}`,
    ...pathsIn(inner, `${path}.${name}`),
  ]);
}
