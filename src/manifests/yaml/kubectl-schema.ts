// What a scalar is worth: as kubectl reads YAML 1.1, with its truth values, octal numbers and merge keys.
import {
  boolYaml11Tag,
  defineMappingTag,
  defineScalarTag,
  defineSequenceTag,
  FAILSAFE_SCHEMA,
  floatCoreTag,
  intCoreTag,
  mergeTag,
  NOT_RESOLVED,
  nullCoreTag,
  type Schema,
} from "js-yaml";

const INTEGER = /^[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[\da-fA-F_]+|\d[\d_]*)$/;

const integer = defineScalarTag<number>(intCoreTag.tagName, {
  implicit: true,
  implicitFirstChars: intCoreTag.implicitFirstChars,
  resolve: (text) => (INTEGER.test(text) ? integerOf(text.replaceAll("_", "")) : NOT_RESOLVED),
  identify: () => false,
});

function integerOf(text: string): number {
  const digits = text.replace(/^[-+]/, "");
  const octal = /^0o?([0-7]+)$/.exec(digits)?.[1];
  const value = octal === undefined ? Number(digits) : Number.parseInt(octal, 8);
  return text.startsWith("-") ? -value : value;
}

type Mapping = Record<string, unknown>;

/** A key that is an object itself is a placeholder without quotes, {{name}}: it stays readable. */
const mapping = defineMappingTag<Mapping>("tag:yaml.org,2002:map", {
  create: () => ({}),
  addPair: (carrier, key, value) => {
    const text = keyText(key);
    if (text === "__proto__") {
      Object.defineProperty(carrier, text, { value, enumerable: true, configurable: true, writable: true });
    } else carrier[text] = value;
    return "";
  },
  has: (carrier, key) => Object.hasOwn(carrier, keyText(key)),
  keys: (result) => Object.keys(result),
  get: (result, key) => result[keyText(key)],
  identify: () => false,
});

function keyText(key: unknown): string {
  if (typeof key === "string") return key;
  return typeof key === "object" && key !== null ? `{ ${Object.keys(key).join(", ")} }` : String(key);
}

/** Tags of other programs, such as !Ref, say nothing here. */
const UNKNOWN_TAGS = ["!", "tag:"].flatMap((start) => [
  defineScalarTag(start, { matchByTagPrefix: true, resolve: (text) => text, identify: () => false }),
  defineSequenceTag<unknown[]>(start, {
    matchByTagPrefix: true,
    create: () => [],
    addItem: (carrier, item) => void carrier.push(item),
    identify: () => false,
  }),
  defineMappingTag<Mapping>(start, { ...mapping, matchByTagPrefix: true }),
]);

export const KUBECTL_SCHEMA: Schema = FAILSAFE_SCHEMA.withTags(
  mapping,
  nullCoreTag,
  boolYaml11Tag,
  integer,
  floatCoreTag,
  mergeTag,
  UNKNOWN_TAGS,
);
