import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { expect } from "chai";
import fc from "fast-check";
import { parseAllDocuments } from "yaml";
import reduced from "./kubernetes-schemas.json" with { type: "json" };
import { Schemas } from "./schemas.ts";

const RUNS = Number(process.env.PROPERTY_RUNS ?? 60);
const FIXTURES = join(import.meta.dirname, "../fixtures/one-fault");
const OBJECTS = readdirSync(FIXTURES, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".yaml"))
  .flatMap((file) => parseAllDocuments(readFileSync(join(FIXTURES, file), "utf8"), { logLevel: "silent" }))
  .map((document) => document.toJS() as { readonly apiVersion: string; readonly kind: string } | null)
  .filter((object) => object !== null);

const schemas = Schemas.of("1.36");
const [newest] = reduced.versions as unknown as readonly [
  {
    readonly kinds: Readonly<Record<string, string>>;
    readonly definitions: Readonly<Record<string, object>>;
  },
];
const ajv = new Ajv({
  allErrors: true,
  strict: false,
  validateSchema: false,
  formats: { quantity: true, int32: true, int64: true, double: true, byte: true, "date-time": true },
});
ajv.addSchema({ $id: "kubernetes", definitions: newest.definitions });

function kindOf({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): string {
  return apiVersion.includes("/") ? `${apiVersion}/${kind}` : `/${apiVersion}/${kind}`;
}

/** "kind of fault at path", as ajv says it. */
function ajvFaults(kind: string, value: unknown): readonly string[] {
  const name = newest.kinds[kind];
  const validate = ajv.getSchema(`kubernetes#/definitions/${name}`);
  if (!name || validate === undefined || validate(value) === true) return [];
  return (validate.errors ?? []).map(({ instancePath, keyword, params }) => {
    const more = keyword === "additionalProperties" ? `/${params.additionalProperty}` : "";
    return `${keyword} at ${instancePath}${more}${keyword === "required" ? `/${params.missingProperty}` : ""}`;
  });
}

const KEYWORDS = { unknown: "additionalProperties", missing: "required", type: "type" } as const;

function ownFaults(kind: string, value: unknown): readonly string[] {
  return schemas.faultsOf(kind, value).map((fault) => {
    const path = "name" in fault ? [...fault.path, fault.name] : fault.path;
    // A pointer, but for the name of a field that is unknown, which ajv leaves as it is.
    const steps = path.map((step, index) =>
      fault.is === "unknown" && index === path.length - 1
        ? step
        : String(step).replaceAll("~", "~0").replaceAll("/", "~1"),
    );
    return `${KEYWORDS[fault.is]} at ${steps.map((step) => `/${step}`).join("")}`;
  });
}

describe("the schemas of Kubernetes", () => {
  it("find what ajv finds with them, whatever is written into a manifest", () => {
    // Null is left out by the API server, and a quantity is only a name for ajv.
    const odd = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant([]), fc.constant({ a: 1 }));
    const changes = fc.array(fc.tuple(fc.nat(60), fc.constantFrom("put", "add", "remove"), odd), {
      maxLength: 3,
    });
    fc.assert(
      fc.property(fc.constantFrom(...OBJECTS), changes, (object, edits) => {
        const changed = structuredClone(object);
        for (const edit of edits) change(changed, ...edit);
        const kind = kindOf(object);
        expect(ownFaults(kind, changed).toSorted()).to.deep.equal(ajvFaults(kind, changed).toSorted());
      }),
      { numRuns: RUNS * 5 },
    );
  });

  it("take text and numbers for quantities, and null for what is left out", () => {
    const pod = (cpu: unknown) => ({
      spec: { containers: [{ name: "a", image: null, resources: { requests: { cpu } } }] },
    });
    expect(schemas.faultsOf("/v1/Pod", pod("100m"))).to.deep.equal([]);
    expect(schemas.faultsOf("/v1/Pod", pod(0.5))).to.deep.equal([]);
    expect(schemas.faultsOf("/v1/Pod", pod(true)).map((fault) => fault.is)).to.deep.equal(["type"]);
    expect(schemas.faultsOf("/v1/Pod", { spec: { containers: null } })).to.deep.equal([
      { is: "missing", path: ["spec"], name: "containers" },
    ]);
  });
});

/** Changes the n-th field of all that are inside, below quantities excepted. */
function change(object: unknown, n: number, how: string, value: unknown): void {
  const fields: [Record<string, unknown>, string][] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    for (const [key, inner] of Object.entries(node)) {
      if (/^(requests|limits|hard|capacity|storage|cpu|memory)$/.test(key)) continue;
      fields.push([node as Record<string, unknown>, key]);
      walk(inner);
    }
  };
  walk(object);
  const [node, key] = fields[n % Math.max(1, fields.length)] ?? [];
  if (node === undefined || key === undefined || ["apiVersion", "kind"].includes(key)) return;
  if (how === "remove") delete node[key];
  else if (how === "put") node[key] = structuredClone(value);
  else if (!Array.isArray(node)) node[`${key}s`] = structuredClone(value);
}
