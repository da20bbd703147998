// Objects that no controller writes: real ones from the recordings, spoiled in any place and in any way that JSON allows.
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import {
  parseRecording,
  type RecordedLine,
  type Recording,
} from "../../src/cli/commands/replay/recording.ts";
import { asObject, isObject, type RawObject } from "../../src/kube/objects.ts";
import type { ResourceName } from "../../src/kube/resources.ts";

export type RecordedObject = Extract<RecordedLine, { resource: ResourceName }>;

const FOLDER = new URL("../recordings/", import.meta.url);

export const RECORDINGS: readonly Recording[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".jsonl"))
  .map((file) => parseRecording(file.replace(".jsonl", ""), readFileSync(new URL(file, FOLDER), "utf8")));

/** The lines of a recording that carry an object. */
export function recordedObjects({ lines }: Recording): readonly RecordedObject[] {
  return lines.filter((line): line is RecordedObject => "object" in line);
}

const deep = (depth: number): unknown => {
  let value: unknown = "bottom";
  for (let level = 0; level < depth; level++) value = level % 2 ? [value] : { nested: value };
  return value;
};

/** What takes the place of a sound value. All of it can stand in JSON. */
const HOSTILE_VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  0.5,
  70_000,
  "8080",
  2 ** 31,
  -(2 ** 31),
  Number.MAX_SAFE_INTEGER,
  1e308,
  -1e308,
  "",
  " ",
  "True",
  "NaN",
  "/",
  "../..",
  "__proto__",
  "constructor",
  "toString",
  "\ud83d",
  "\udc4d\ud83d",
  "\u202eevil\u200b\u0000",
  "\u001b[2J\u001b[31mred\r\n",
  "مرحبا",
  "0001-01-01T00:00:00Z",
  "0000-01-01T00:00:00+14:00",
  "9999-12-31T23:59:59.999999999Z",
  "9999-12-31T23:59:59-14:00",
  "+275760-09-13T00:00:00Z",
  "2026-02-30T25:61:61Z",
  "2026-03-01T10:00:00.123456789+05:30",
  "yesterday",
  "x".repeat(254),
  "🧨".repeat(100_000),
  [],
  {},
  [[]],
  [null],
  ["text"],
  { name: "a", uid: "b" },
  deep(5_000),
  JSON.parse('{"__proto__":{"ready":true},"constructor":{"name":"x"}}'),
  Object.fromEntries(
    Array.from({ length: 2_000 }, (_, index) => [`example.com/key-${index}`, `value ${index}`]),
  ),
  Array.from({ length: 2_000 }, (_, index) => index),
];

interface Change {
  /** Which member on each level, counted and wrapped round. */
  readonly path: readonly number[];
  readonly how: "replace" | "delete" | "double" | "repeat";
  readonly by: unknown;
}

const change: fc.Arbitrary<Change> = fc.record({
  path: fc.array(fc.nat(20), { minLength: 1, maxLength: 9 }),
  how: fc.constantFrom("replace", "replace", "replace", "delete", "double", "repeat"),
  by: fc.oneof(
    { arbitrary: fc.constantFrom(...HOSTILE_VALUES), weight: 4 },
    { arbitrary: fc.jsonValue(), weight: 1 },
  ),
});

/** As many as a pod would have if somebody had gone mad. */
const VERY_MANY = 5_000;

function spoil(value: unknown, { path, how, by }: Change): unknown {
  const [first = 0, ...rest] = path;
  if (Array.isArray(value)) {
    if (value.length === 0) return how === "replace" ? [by] : value;
    const at = first % value.length;
    const item: unknown = value[at];
    if (rest.length > 0 && typeof item === "object" && item !== null)
      return value.with(at, spoil(item, { path: rest, how, by }));
    if (how === "delete") return value.toSpliced(at, 1);
    if (how === "double") return [...value, item];
    return how === "repeat" ? Array.from({ length: VERY_MANY }, () => item) : value.with(at, by);
  }
  if (!isObject(value)) return by;
  const keys = Object.keys(value);
  const key = keys[first % Math.max(1, keys.length)];
  if (key === undefined) return how === "replace" ? { name: by } : value;
  const member = value[key];
  const canRepeat = how === "repeat" && Array.isArray(member) && member.length > 0;
  if (rest.length > 0 && typeof member === "object" && member !== null && !canRepeat)
    return { ...value, [key]: spoil(member, { path: rest, how, by }) };
  if (canRepeat) return { ...value, [key]: Array.from({ length: VERY_MANY }, () => member[0] as unknown) };
  const { [key]: _gone, ...others } = value;
  return how === "delete" ? others : { ...value, [key]: by };
}

/** What metadata can say of owners, versions and itself; `uids` are those of objects that exist. */
function hostileMetadata(uids: readonly string[]): fc.Arbitrary<RawObject> {
  const uid = fc.constantFrom(...uids, "", "nobody", "x".repeat(100_000));
  const owner = fc.record(
    {
      kind: fc.constantFrom("Deployment", "ReplicaSet", "Pod"),
      name: uid,
      uid,
      controller: fc.constantFrom(true, true, "true"),
    },
    { requiredKeys: ["kind", "controller"] },
  );
  return fc.record(
    {
      uid,
      resourceVersion: fc.constantFrom("0", "1", "99999999", "abc", "-5", "1e9", 7, null),
      ownerReferences: fc.array(owner, { maxLength: 3 }),
      labels: fc.constantFrom(
        { "pod-template-hash": "" },
        { "pod-template-hash": "same" },
        { constructor: "x" },
      ),
      creationTimestamp: fc.constantFrom(...HOSTILE_VALUES),
      deletionTimestamp: fc.constantFrom("yes", null, 7),
    },
    { requiredKeys: [] },
  );
}

/** One of the objects with up to three changes and perhaps hostile metadata. It is what JSON would give. */
export function hostileObject(
  objects: readonly RawObject[],
  uids: readonly string[] = ["self"],
): fc.Arbitrary<RawObject> {
  return fc
    .tuple(
      fc.constantFrom(...objects),
      fc.array(change, { minLength: 0, maxLength: 3 }),
      fc.option(hostileMetadata(uids), { nil: undefined }),
    )
    .map(([object, changes, metadata]) => {
      const spoiled = changes.reduce<unknown>(spoil, object);
      if (!isObject(spoiled) || metadata === undefined) return spoiled as RawObject;
      return { ...spoiled, metadata: { ...asObject(spoiled["metadata"]), ...metadata } };
    });
}
