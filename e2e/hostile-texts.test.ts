// Hostile texts: whatever stands in any field of an object, and however long, the operator has read it in no time. One object
// of one namespace must not hold up the work on all others.
import { expect } from "chai";
import { HOSTILE_PIECES } from "../src/domain/testing/growth.ts";
import { asObject, type RawObject } from "../src/kube/objects.ts";
import { PROJECTIONS } from "./testing/projections.ts";

/** As much as the annotations of one object can hold. */
const LENGTH = 250_000;
/** Processor time (ms). An object takes much less; a pattern that tries again and again takes seconds. */
const MOST_MS = 400;

const AT = Date.parse("2026-03-01T12:00:00Z");

/** The paths of all texts in the object, one for members of lists and maps that are alike. */
function textPaths(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value === "string") return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => textPaths(one, [...path, key]));
}

function withTextAt(value: unknown, [key, ...rest]: readonly string[], text: string): unknown {
  if (key === undefined) return text;
  if (Array.isArray(value))
    return value.map((one: unknown, at) => (String(at) === key ? withTextAt(one, rest, text) : one));
  return { ...asObject(value), [key]: withTextAt(asObject(value)[key], rest, text) };
}

/** Every map and list of the object with very many members of the kind that it has. */
function crowdedObjects(object: RawObject): readonly RawObject[] {
  const crowded = (value: unknown, path: readonly string[]): readonly RawObject[] => {
    if (typeof value !== "object" || value === null) return [];
    const inner = Object.entries(value).flatMap(([key, one]) => crowded(one, [...path, key]));
    const [first] = Object.entries(value);
    if (first === undefined || path.length === 0) return inner;
    const size = Math.ceil(LENGTH / (JSON.stringify(first[1]).length + 12));
    const members = Array.isArray(value)
      ? Array.from({ length: size }, () => first[1])
      : {
          ...value,
          ...Object.fromEntries(Array.from({ length: size }, (_, at) => [`${first[0]}-${at}`, first[1]])),
        };
    return [...inner, put(object, path, members)];
  };
  return crowded(object, []);
}

function put(value: unknown, [key, ...rest]: readonly string[], by: unknown): RawObject {
  if (key === undefined) return by as RawObject;
  if (Array.isArray(value))
    return value.map((one: unknown, at) =>
      String(at) === key ? put(one, rest, by) : one,
    ) as unknown as RawObject;
  return { ...asObject(value), [key]: put(asObject(value)[key], rest, by) };
}

function processorMs(run: () => unknown): number {
  const { user, system } = process.cpuUsage();
  run();
  const after = process.cpuUsage();
  return (after.user + after.system - user - system) / 1_000;
}

describe("hostile texts", () => {
  for (const [resource, project, objects] of PROJECTIONS) {
    const richest = [...objects].sort((a, b) => JSON.stringify(b).length - JSON.stringify(a).length)[0];
    if (richest === undefined) throw new Error(`no ${resource}`);

    it(`in any field of ${resource} are read in no time`, () => {
      const slow = textPaths(richest).flatMap((path, index) => {
        // Not every piece in every field: each field gets five, and each piece comes to many fields.
        const pieces = [0, 13, 29, 41, 53].map(
          (step) => HOSTILE_PIECES[(index + step) % HOSTILE_PIECES.length] ?? "",
        );
        return pieces.flatMap((piece) => {
          const text = piece.repeat(Math.ceil(LENGTH / piece.length));
          const object = withTextAt(richest, path, text) as RawObject;
          const ms = processorMs(() => project(object, undefined as never, AT));
          return ms > MOST_MS ? [`${path.join(".")} of ${JSON.stringify(piece)}: ${ms} ms`] : [];
        });
      });
      expect(slow).to.deep.equal([]);
    });

    it(`in maps and lists of ${resource} that are very long are read in no time`, () => {
      const slow = crowdedObjects(richest).flatMap((object) => {
        const ms = processorMs(() => project(object, undefined as never, AT));
        return ms > MOST_MS ? [`${ms} ms`] : [];
      });
      expect(slow).to.deep.equal([]);
    });
  }
});
