// Fingerprints of values that must not be seen. The values are not kept: a fingerprint of each, salted again in every
// process, is enough to find it in a text again, and to mask it there.
import { randomInt } from "node:crypto";
import { MASK } from "../../domain/masking/mask.ts";

/**
 * The length of a text times 2^32, plus a hash of it. A negative one is of a long text: its length too, and the hash of
 * its beginning.
 */
export type Fingerprint = number;

/** Odd, so that every character counts. */
const SALT = (randomInt(2 ** 31) * 2 + 1) | 0;
const HASHES = 2 ** 32;
/** A long value is known by its beginning, for what quotes it may have been cut. */
const BEGINNING = 12;
const LONG = 16;

/** By which the value is found in a text as a whole, and a long one by its beginning too. */
export function fingerprintsOf(value: string): readonly Fingerprint[] {
  const whole = fingerprintOf(value);
  if (value.length < LONG) return [whole];
  return [whole, -(value.length * HASHES + hashOf(value.slice(0, BEGINNING)))];
}

/** By which the whole text is found. */
export function fingerprintOf(text: string): Fingerprint {
  return text.length * HASHES + hashOf(text);
}

/** A salted hash of 32 bits. */
export function hashOf(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index++) hash = step(hash, text.charCodeAt(index));
  return hash >>> 0;
}

function step(hash: number, code: number): number {
  return (Math.imul(hash, SALT) + code) | 0;
}

type Stretch = readonly [from: number, to: number];

/** The text with every value that has one of the fingerprints replaced; of one that is cut off, the rest of its line. */
export function withoutValues(text: string, fingerprints: readonly Fingerprint[]): string {
  if (text === "" || fingerprints.length === 0) return text;
  const hashAt = stretchHashes(text);
  const values = valuesByLength(fingerprints, text.length);
  return cutOut(text, [
    ...wholeValues(text, values, hashAt),
    ...valuesCutOff(text, fingerprints, values, hashAt),
  ]);
}

/** Which of the values the text has as a whole. */
export function valuesIn(text: string, fingerprints: Iterable<Fingerprint>): ReadonlySet<Fingerprint> {
  const hashAt = stretchHashes(text);
  const found = new Set<Fingerprint>();
  for (const [length, values] of valuesByLength(fingerprints, text.length)) {
    for (let from = 0; from + length <= text.length; from++) {
      const hash = hashAt(from, length, values.factor);
      if (isOneOf(values, hash)) found.add(length * HASHES + hash);
    }
  }
  return found;
}

/** The hash of the stretch that begins there; `factor` is that of its length. */
type HashAt = (from: number, length: number, factor: number) => number;

/** Finds the hash of any stretch in one step, from the hashes of the text's beginnings (Rabin and Karp). */
function stretchHashes(text: string): HashAt {
  const beginnings = new Int32Array(text.length + 1);
  for (let index = 0; index < text.length; index++)
    beginnings[index + 1] = step(beginnings[index] ?? 0, text.charCodeAt(index));
  return (from, length, factor) =>
    ((beginnings[from + length] ?? 0) - Math.imul(beginnings[from] ?? 0, factor)) >>> 0;
}

interface ValuesOfLength {
  /** What the hash before a stretch of that length counts for in the hash after it. */
  readonly factor: number;
  /** Mostly there is one: to compare two numbers is much faster than to look into a set. */
  readonly hash: number;
  readonly more?: Set<number>;
}

function isOneOf({ hash, more }: ValuesOfLength, candidate: number): boolean {
  return candidate === hash || more?.has(candidate) === true;
}

/** Those that are no longer than the text. */
function valuesByLength(
  fingerprints: Iterable<Fingerprint>,
  longest: number,
): ReadonlyMap<number, ValuesOfLength> {
  const found = new Map<number, ValuesOfLength>();
  for (const fingerprint of fingerprints) {
    const length = Math.floor(fingerprint / HASHES);
    if (fingerprint <= 0 || length > longest) continue;
    const hash = fingerprint - length * HASHES;
    const known = found.get(length);
    if (known === undefined) found.set(length, { factor: factorOf(length), hash });
    else if (known.more) known.more.add(hash);
    else found.set(length, { ...known, more: new Set([hash]) });
  }
  return found;
}

function factorOf(length: number): number {
  let factor = 1;
  for (let index = 0; index < length; index++) factor = Math.imul(factor, SALT);
  return factor;
}

/** Stretches that overlap become one. */
function wholeValues(
  text: string,
  values: ReadonlyMap<number, ValuesOfLength>,
  hashAt: HashAt,
): readonly Stretch[] {
  return [...values].flatMap(([length, ofLength]) => {
    const found: [from: number, to: number][] = [];
    for (let from = 0; from + length <= text.length; from++) {
      if (!isOneOf(ofLength, hashAt(from, length, ofLength.factor))) continue;
      const last = found.at(-1);
      if (last && from <= last[1]) last[1] = from + length;
      else found.push([from, from + length]);
    }
    return found;
  });
}

/** Long values of which the text has the beginning and not the rest. */
function valuesCutOff(
  text: string,
  fingerprints: readonly Fingerprint[],
  values: ReadonlyMap<number, ValuesOfLength>,
  hashAt: HashAt,
): readonly Stretch[] {
  const lengthsByHash = new Map<number, number[]>();
  for (const fingerprint of fingerprints) {
    if (fingerprint >= 0) continue;
    const length = Math.floor(-fingerprint / HASHES);
    const hash = -fingerprint - length * HASHES;
    const lengths = lengthsByHash.get(hash) ?? [];
    lengths.push(length);
    lengthsByHash.set(hash, lengths);
  }
  if (lengthsByHash.size === 0) return [];
  const isWhole = (from: number, length: number) => {
    const known = values.get(length);
    return known !== undefined && isOneOf(known, hashAt(from, length, known.factor));
  };
  const factor = factorOf(BEGINNING);
  const found: Stretch[] = [];
  for (let from = 0; from + BEGINNING <= text.length; from++) {
    const lengths = lengthsByHash.get(hashAt(from, BEGINNING, factor));
    if (!lengths?.some((length) => from + length > text.length || !isWhole(from, length))) continue;
    const end = endOfLine(text, from + BEGINNING);
    found.push([from, end]);
    from = end - 1;
  }
  return found;
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
