// Fingerprints of values that must not be seen. The values are not kept: a fingerprint of each, salted again in every
// process, is enough to find it in a text again, and to mask it there.
import { randomInt } from "node:crypto";
import { MASK } from "../../domain/masking/secret-patterns.ts";

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

/** The text with every value that has one of the fingerfingerprints replaced; of one that is cut off, the rest of its line. */
export function withoutValues(text: string, fingerprints: readonly Fingerprint[]): string {
  if (text === "" || fingerprints.length === 0) return text;
  const whole = wholeValues(text, new Set(fingerprints.filter((fingerprint) => fingerprint > 0)));
  const isWhole = (from: number, length: number) =>
    whole.some((stretch) => stretch[0] === from && stretch[1] === from + length);
  const cutOff: Stretch[] = [];
  const begun = fingerprints.filter((fingerprint) => fingerprint < 0);
  if (begun.length > 0) {
    for (const [start, hash] of windows(text, BEGINNING)) {
      const isCut = begun.some((fingerprint) => {
        const length = Math.floor(-fingerprint / HASHES);
        return -fingerprint === length * HASHES + hash && !isWhole(start, length);
      });
      if (isCut) cutOff.push([start, endOfLine(text, start + BEGINNING)]);
    }
  }
  return cutOut(text, [...whole, ...cutOff]);
}

function wholeValues(text: string, fingerprints: ReadonlySet<Fingerprint>): readonly Stretch[] {
  const lengths = new Set(Array.from(fingerprints, (fingerprint) => Math.floor(fingerprint / HASHES)));
  return [...lengths].flatMap((length) =>
    Array.from(windows(text, length))
      .filter(([, hash]) => fingerprints.has(length * HASHES + hash))
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
