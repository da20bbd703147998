import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { parse, stringify } from "yaml";
import { lintManifests } from "./lint-manifests.ts";
import { ORDERED_RULES } from "./ordered-rules.ts";
import { parseManifests } from "./parse-manifests.ts";

const RUNS = Number(process.env.PROPERTY_RUNS ?? 60);
const STORIES = join(import.meta.dirname, "fixtures/stories");
const TEXTS = readdirSync(STORIES, { recursive: true, encoding: "utf8" })
  .filter((file) => file.includes("before") && /empty|variable/.test(file) && file.endsWith(".yaml"))
  .map((file) => readFileSync(join(STORIES, file), "utf8"));
const STORY = TEXTS.join("\n---\n");

/** Everything that checking a text says. */
function said(text: string): string {
  const { manifests, problems } = parseManifests(text, "x.yaml");
  const { findings } = lintManifests(manifests, { requiredEnv: ["A"], requiredLabels: ["b"] });
  for (const { place } of findings) {
    expect(place.line).to.be.within(1, text.split("\n").length + 1);
    expect(place.column).to.be.above(0);
  }
  return JSON.stringify([findings, problems]);
}

/** The text with some stretches replaced, doubled or taken out. */
const mutated = fc
  .array(
    fc.record({
      at: fc.nat(STORY.length),
      length: fc.nat(60),
      by: fc.oneof(
        fc.string({ maxLength: 6 }),
        fc.constantFrom("[", "{", "\t", "---\n", "&a ", "*a", "<<: ", "? ", "null", "\u0000"),
      ),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((edits) =>
    edits.reduce((text, { at, length, by }) => text.slice(0, at) + by + text.slice(at + length), STORY),
  );

describe("lint of manifests that nobody would write", () => {
  it("never throw, and stay inside the text with their places, whatever is done to it", () => {
    fc.assert(
      fc.property(mutated, (text) => void said(text)),
      { numRuns: RUNS },
    );
  });

  it("never throw when any value is any JSON", () => {
    const documents = TEXTS.flatMap((text) => text.split("\n---\n")).map((text) => parse(text) as unknown);
    const odd = fc.tuple(fc.nat(documents.length - 1), fc.nat(40), fc.jsonValue());
    fc.assert(
      fc.property(fc.array(odd, { minLength: 1, maxLength: 5 }), (changes) => {
        const copies = structuredClone(documents);
        for (const [document, field, value] of changes) replaceField(copies[document], field, value);
        said(copies.map((one) => stringify(one)).join("\n---\n"));
      }),
      { numRuns: RUNS },
    );
  });

  it("never tell a value of a variable, a ConfigMap or a Secret", () => {
    const secret = fc.stringMatching(/^[a-z0-9]{3,12}QQQ[a-z0-9]{3,12}$/);
    const shapes = fc.constantFrom(
      (value: string) => value,
      (value: string) => `http://inference-api:8080/?token=${value}`,
      (value: string) => `postgres://user:${value}@inference-api/db`,
      (value: string) => `inference-api.video-analytics.svc:${value}`,
    );
    fc.assert(
      fc.property(secret, shapes, (value, shape) => {
        const text = STORY.replaceAll(/^( +value:).*$/gm, `$1 ${JSON.stringify(shape(value))}`);
        const kept = ["Secret", "ConfigMap"].map((kind) =>
          stringify({
            apiVersion: "v1",
            kind,
            metadata: { name: "checkout-secrets" },
            data: { other: shape(value) },
          }),
        );
        const all = said([text, ...kept].join("\n---\n"));
        expect(all.includes("network-policy-callers")).to.equal(shape(value) !== value);
        expect(all).to.not.include("QQQ");
      }),
      { numRuns: Math.min(RUNS, 100) },
    );
  });

  it("know every field of the API by a name that is no word of JavaScript's own", () => {
    const text =
      "apiVersion: v1\nkind: __proto__\nmetadata: {name: constructor, annotations: {__proto__: x, toString: y}}";
    expect(() => said(text)).to.not.throw();
  });
});

describe("the table of lint rules", () => {
  it("has ids in kebab-case, each once, and one line of meaning", () => {
    const ids = ORDERED_RULES.map(({ id }) => id);
    expect(new Set(ids).size).to.equal(ids.length);
    for (const { id, meaning } of ORDERED_RULES) {
      expect(id).to.match(/^[a-z]+(-[a-z]+)*$/);
      expect(meaning).to.match(/^[A-Z][^\n]{20,150}[^.]$/);
    }
  });
});

/** Replaces the n-th field of all that are inside. */
function replaceField(document: unknown, n: number, value: unknown): void {
  const fields: [Record<string, unknown>, string][] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    for (const key of Object.keys(node)) {
      fields.push([node as Record<string, unknown>, key]);
      walk((node as Record<string, unknown>)[key]);
    }
  };
  walk(document);
  const [node, key] = fields[n % Math.max(1, fields.length)] ?? [];
  if (node && key !== undefined) node[key] = value;
}
