// Values of environment variables and arguments, which must not be seen in what others wrote about their pods. They are
// not kept: a print of each one, salted anew in every process, is enough to find it in a text again.
import { randomInt } from "node:crypto";
import { MASK } from "../../domain/secret-patterns.ts";
import { asList, asObject, asText, asTexts, type RawObject } from "../objects.ts";
import { canonicalJson } from "./canonical-json.ts";
import { referencesOf } from "./references.ts";

/**
 * The length of a text times 2^32, plus a hash of it. A negative one is of a long text: its length too, and the hash of
 * its beginning.
 */
export type Print = number;

/** Odd, so that every character counts. */
const SALT = (randomInt(2 ** 31) * 2 + 1) | 0;
const HASHES = 2 ** 32;
/** A long value is known by its beginning, for what quotes it may have been cut. */
const BEGINNING = 12;
const LONG = 16;
const MOST_VALUES = 500;
const NONE: readonly Print[] = Object.freeze([]);

/** Words, numbers, sizes and durations that are too common to tell one text from another. */
const COMMON = /^(?:[A-Za-z]{1,7}|.{0,4}|[\d.]{1,7}[A-Za-z%]{0,3})$/s;
/** Names of variables, one or several: they say what is needed, not what it is. */
const NAMES = /^[A-Z]+(?:_[A-Z]+)+(?:,[A-Z]+(?:_[A-Z]+)+)*$/;

/** Prints of what the containers of a pod template get by value; what its labels, names and images say may be seen anyway. */
export function printsOfTemplate(rawTemplate: unknown): readonly Print[] {
  const { metadata, spec } = asObject(rawTemplate);
  return printsOfPod(metadata, spec);
}

/** The same of a pod. */
export function printsOfPod(metadata: unknown, spec: unknown): readonly Print[] {
  const values = valuesOf(spec)
    .flatMap(partsOf)
    .filter((value) => !COMMON.test(value) && !NAMES.test(value));
  if (values.length === 0) return NONE;
  const shown = shownBy(asObject(metadata), asObject(spec));
  const telling = values.filter((value) => !shown.some((text) => text.includes(value)));
  return distinct(telling.slice(0, MOST_VALUES).flatMap(printsOfValue));
}

/** What is told of a pod in any case: its namespace, labels, containers and images, and what it refers to. */
function shownBy({ namespace, labels }: RawObject, spec: RawObject): readonly string[] {
  const containers = containersOf(spec);
  return [
    asText(namespace),
    ...Object.values(asTexts(labels)),
    ...containers.flatMap(({ name, image }) => [asText(name), asText(image)]),
    ...referencesOf(spec),
  ];
}

/** What stands where hosts stand in values: "http://inventory:8080/x", "inventory.shop.svc:5432", "inventory". */
const HOST = /(?:^|[/@,;=\s])([a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)(?=$|[.:/,;\s])/g;
const MOST_HOSTS = 200;

/** Prints of the hosts that the values of a pod template name, by which its calls of a Service are found. */
export function hostsOfTemplate(rawTemplate: unknown): readonly Print[] {
  const values = valuesOf(asObject(rawTemplate).spec);
  if (values.length === 0) return NONE;
  const hosts = values.flatMap((value) => Array.from(value.matchAll(HOST), ([, host]) => host ?? ""));
  return distinct(hosts.slice(0, MOST_HOSTS).map(printOf));
}

/** One empty list for all, and no room for more in the others: each ReplicaSet keeps two of them. */
function distinct(prints: readonly Print[]): readonly Print[] {
  const different = Array.from(new Set(prints));
  return different.length === 0 ? NONE : different.slice();
}

/** The print that a host of this name has. */
export function printOfHost(name: string): Print {
  return printOf(name);
}

function valuesOf(spec: unknown): readonly string[] {
  return containersOf(spec).flatMap(({ env, command, args }) => [
    ...asList(env).map((variable) => asText(asObject(variable).value)),
    ...valuesOfArguments([...asList(command), ...asList(args)].map((word) => asText(word))),
  ]);
}

function containersOf(spec: unknown): readonly RawObject[] {
  const { initContainers, containers } = asObject(spec);
  return [...asList(initContainers), ...asList(containers)].map(asObject);
}

/** "--password=x", "--password x" and "PASSWORD=x"; the words themselves say what is run. */
function valuesOfArguments(words: readonly string[]): readonly string[] {
  return words.flatMap((word, index) => {
    const before = words[index - 1] ?? "";
    const follows =
      before.startsWith("-") && !before.includes("=") && before !== "-c" && !word.startsWith("-");
    const assigned = word
      .split(/[\s;&|]+/)
      .flatMap((part) => /^[^=]+=(.+)$/s.exec(part)?.[1]?.replace(/^["']|["']$/g, "") ?? []);
    const ofFlag = /^-[^=\s]*=(.+)$/s.exec(word)?.[1];
    return [...assigned, ...(ofFlag === undefined ? [] : [ofFlag]), ...(follows ? [word] : [])];
  });
}

/** The value, its lines, and the password in it when it is a URL. */
function partsOf(value: string): readonly string[] {
  const lines = value.includes("\n") ? value.split("\n").map((line) => line.trim()) : [];
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^\s:@/]*:([^\s@/]+)@/i.exec(value)?.[1];
  return [value.trim(), ...lines, ...(password === undefined ? [] : [password])];
}

function printsOfValue(value: string): readonly Print[] {
  const whole = printOf(value);
  if (value.length < LONG) return [whole];
  return [whole, -(value.length * HASHES + hashOf(value.slice(0, BEGINNING)))];
}

/**
 * A small whole number for any JSON: equal for what the API server takes for equal. It tells that something changed, not
 * what it is. Of 31 bits, for which the engine needs no room of its own.
 */
export function printOfContent(value: unknown): number {
  return hashOf(canonicalJson(value)) >>> 1;
}

function printOf(text: string): Print {
  return text.length * HASHES + hashOf(text);
}

function hashOf(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index++) hash = step(hash, text.charCodeAt(index));
  return hash >>> 0;
}

function step(hash: number, code: number): number {
  return (Math.imul(hash, SALT) + code) | 0;
}

type Stretch = readonly [from: number, to: number];

/** The text with every value that has one of the prints replaced; of one that is cut off, the rest of its line. */
export function withoutValues(text: string, prints: readonly Print[]): string {
  if (text === "" || prints.length === 0) return text;
  const whole = wholeValues(text, new Set(prints.filter((print) => print > 0)));
  const isWhole = (from: number, length: number) =>
    whole.some((stretch) => stretch[0] === from && stretch[1] === from + length);
  const cutOff: Stretch[] = [];
  const begun = prints.filter((print) => print < 0);
  if (begun.length > 0) {
    for (const [start, hash] of windows(text, BEGINNING)) {
      const isCut = begun.some((print) => {
        const length = Math.floor(-print / HASHES);
        return -print === length * HASHES + hash && !isWhole(start, length);
      });
      if (isCut) cutOff.push([start, endOfLine(text, start + BEGINNING)]);
    }
  }
  return cutOut(text, [...whole, ...cutOff]);
}

function wholeValues(text: string, prints: ReadonlySet<Print>): readonly Stretch[] {
  const lengths = new Set(Array.from(prints, (print) => Math.floor(print / HASHES)));
  return [...lengths].flatMap((length) =>
    Array.from(windows(text, length))
      .filter(([, hash]) => prints.has(length * HASHES + hash))
      .map(([start]): Stretch => [start, start + length]),
  );
}

/** The hash of every stretch of that length, each from the one before (Rabin and Karp). */
function* windows(text: string, length: number): Generator<[start: number, hash: number]> {
  let hash = 0;
  let highest = 1;
  for (let index = 0; index < length - 1; index++) highest = Math.imul(highest, SALT);
  for (let index = 0; index < text.length; index++) {
    if (index >= length) hash = (hash - Math.imul(text.charCodeAt(index - length), highest)) | 0;
    hash = step(hash, text.charCodeAt(index));
    if (index >= length - 1) yield [index - length + 1, hash >>> 0];
  }
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}

function cutOut(text: string, hidden: readonly Stretch[]): string {
  let shown = "";
  let at = 0;
  for (const [from, to] of [...hidden].sort((a, b) => a[0] - b[0])) {
    if (to <= at) continue;
    shown += from >= at ? `${text.slice(at, from)}${MASK}` : "";
    at = to;
  }
  return shown + text.slice(at);
}
