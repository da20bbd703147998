// The schemas that Kubernetes publishes, reduced to the kinds that people write (`npm run schemas`).
import type { FieldPath } from "../place.ts";
import reduced from "./kubernetes-schemas.json" with { type: "json" };

/** What the reduced schemas use of JSON Schema: everything else says nothing here. */
export interface Schema {
  readonly $ref?: string | undefined;
  readonly type?: string | readonly string[] | undefined;
  readonly format?: string | undefined;
  readonly required?: readonly string[] | undefined;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly items?: Schema | undefined;
  readonly additionalProperties?: Schema | false | undefined;
}

/** What is wrong at a path. */
export type SchemaFault = { readonly path: FieldPath } & (
  | { readonly is: "unknown"; readonly name: string; readonly schema: Schema }
  | { readonly is: "missing"; readonly name: string }
  | { readonly is: "type"; readonly wanted: readonly string[] }
);

interface VersionSchemas {
  readonly version: string;
  readonly kinds: Readonly<Record<string, string | undefined>>;
  readonly definitions: Readonly<Record<string, Schema>>;
}

const VERSIONS = reduced.versions as unknown as readonly VersionSchemas[];

const DEFINITIONS = "#/definitions/";

/**
 * Validates by walking schema and value together: a run of the command line validates a few objects, and would spend ten
 * times as long on compiling the schemas.
 */
export class Schemas {
  readonly #kinds: VersionSchemas["kinds"];
  readonly #definitions: VersionSchemas["definitions"];

  private constructor({ kinds, definitions }: VersionSchemas) {
    this.#kinds = kinds;
    this.#definitions = { ...VERSIONS[0]?.definitions, ...definitions };
  }

  static readonly #made = new Map<string, Schemas>();

  /** Of a version such as "1.36"; the newest when it is not among KUBERNETES_VERSIONS. */
  static of(version = ""): Schemas {
    const found = VERSIONS.find((one) => one.version === version) ?? VERSIONS[0];
    if (found === undefined) throw new Error("there are no schemas of Kubernetes");
    const schemas = Schemas.#made.get(found.version) ?? new Schemas(found);
    Schemas.#made.set(found.version, schemas);
    return schemas;
  }

  /** "group/version/kind" of everything that this version of Kubernetes serves. */
  get kinds(): readonly string[] {
    return Object.keys(this.#kinds);
  }

  /** None when there is no schema for the kind. */
  faultsOf(kind: string, value: unknown): readonly SchemaFault[] {
    const name = Object.hasOwn(this.#kinds, kind) ? this.#kinds[kind] : undefined;
    if (!name) return [];
    const faults: SchemaFault[] = [];
    this.#judge({ $ref: `${DEFINITIONS}${name}` }, value, [], faults);
    return faults;
  }

  /** The fields that a schema, or what it refers to, has; for suggestions. */
  propertiesOf(schema: Schema): Readonly<Record<string, Schema>> {
    const { properties, items } = this.#resolved(schema);
    return items === undefined ? (properties ?? {}) : this.propertiesOf(items);
  }

  #resolved(schema: Schema): Schema {
    if (schema.$ref === undefined) return schema;
    const name = schema.$ref.slice(DEFINITIONS.length);
    return this.#resolved(this.#definitions[name] ?? {});
  }

  /** `path` is changed on the way down, and as before afterwards. */
  #judge(unresolved: Schema, value: unknown, path: (string | number)[], faults: SchemaFault[]): void {
    const schema = this.#resolved(unresolved);
    if (!isOfType(schema, value)) faults.push({ is: "type", path: [...path], wanted: typesOf(schema) });
    else if (Array.isArray(value)) this.#judgeItems(schema, value, path, faults);
    else if (typeof value === "object" && value !== null) this.#judgeFields(schema, value, path, faults);
  }

  #judgeItems(schema: Schema, value: readonly unknown[], path: (string | number)[], faults: SchemaFault[]) {
    if (schema.items === undefined) return;
    for (const [index, item] of value.entries()) {
      path.push(index);
      this.#judge(schema.items, item, path, faults);
      path.pop();
    }
  }

  /** The API server reads null as left out. */
  #judgeFields(schema: Schema, value: object, path: (string | number)[], faults: SchemaFault[]): void {
    const { required = [], properties = NONE, additionalProperties } = schema;
    const fields = value as Readonly<Record<string, unknown>>;
    for (const name of required) {
      if (!Object.hasOwn(fields, name) || isNothing(fields[name])) {
        faults.push({ is: "missing", path: [...path], name });
      }
    }
    for (const name of Object.keys(fields)) {
      const inner = fields[name];
      if (isNothing(inner)) continue;
      const known = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
      if (known === false) faults.push({ is: "unknown", path: [...path], name, schema });
      else if (known !== undefined) {
        path.push(name);
        this.#judge(known, inner, path, faults);
        path.pop();
      }
    }
  }
}

const NONE: Readonly<Record<string, Schema>> = {};

function isNothing(value: unknown): boolean {
  return value === null || value === undefined;
}

function typesOf({ type, format }: Schema): readonly string[] {
  return format === "quantity" ? ["string", "number"] : [type ?? []].flat();
}

function isOfType(schema: Schema, value: unknown): boolean {
  const { type, format } = schema;
  if (format === undefined && typeof type === "string") return isOf(type, value);
  const types = typesOf(schema);
  return types.length === 0 || types.some((one) => isOf(one, value));
}

function isOf(type: string, value: unknown): boolean {
  switch (type) {
    case "integer":
      return Number.isInteger(value);
    case "number":
      // .inf is none.
      return Number.isFinite(value);
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    default:
      return typeof value === type;
  }
}
