// The schemas that Kubernetes publishes, reduced to the kinds that people write (`npm run schemas`).
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import reduced from "./kubernetes-schemas.json" with { type: "json" };

interface VersionSchemas {
  readonly version: string;
  readonly kinds: Readonly<Record<string, string | undefined>>;
  readonly definitions: Readonly<Record<string, object>>;
}

const VERSIONS = reduced.versions as unknown as readonly VersionSchemas[];

export class Schemas {
  readonly #kinds: VersionSchemas["kinds"];
  readonly #ajv: Ajv;

  private constructor({ kinds, definitions }: VersionSchemas) {
    this.#kinds = kinds;
    // Schemas are trusted; what is validated against them is not.
    this.#ajv = new Ajv({
      allErrors: true,
      strict: false,
      verbose: true,
      validateSchema: false,
      formats: FORMATS,
      // Most runs validate a few objects: the code that ajv writes for them has to be written soon, not to run fast.
      inlineRefs: false,
      code: { optimize: false },
    });
    this.#ajv.addSchema({ $id: "kubernetes", definitions: { ...VERSIONS[0]?.definitions, ...definitions } });
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

  /** The faults of the value; undefined when there is no schema for the kind. */
  faultsOf(kind: string, value: unknown): readonly ErrorObject[] | undefined {
    const name = Object.hasOwn(this.#kinds, kind) ? this.#kinds[kind] : undefined;
    if (!name) return undefined;
    const validate: ValidateFunction | undefined = this.#ajv.getSchema(`kubernetes#/definitions/${name}`);
    if (validate === undefined || validate(value)) return [];
    return validate.errors ?? [];
  }

  /** The fields that a definition, or what it refers to, has; for suggestions. */
  propertiesOf(schema: unknown): Readonly<Record<string, unknown>> {
    const { $ref, properties, items } = asRecord(schema);
    if (typeof $ref === "string") {
      return this.propertiesOf(this.#ajv.getSchema(`kubernetes${$ref}`)?.schema);
    }
    return items === undefined ? asRecord(properties) : this.propertiesOf(items);
  }
}

const FORMATS = {
  quantity: {
    type: "number" as const,
    validate: Number.isFinite,
  },
  int32: true,
  int64: true,
  double: true,
  byte: true,
  "date-time": true,
} as const;

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
