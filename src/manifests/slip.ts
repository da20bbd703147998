// Which name was probably meant by one that nothing has.
import { nearest } from "../domain/nearest.ts";

/** Words shorter than this are too much alike by nature: api, app, web. */
const SHORTEST_WORD = 4;

/** The name among `names` of which `wanted` is probably a misspelling; undefined when none is near enough. */
export function slipOf(wanted: string, names: readonly string[]): string | undefined {
  return nearest(
    wanted,
    names.filter((name) => canBeSlip(wanted, name) && isSlip(wanted, name)),
  );
}

/**
 * Whether it is worth a closer look, which takes long with thousands of names: a slip leaves the first letter or the last
 * one, and most of the others.
 */
export function canBeSlip(wanted: string, name: string): boolean {
  if (wanted[0] !== name[0] && wanted.at(-1) !== name.at(-1)) return false;
  const most = Math.max(MOST_FOREIGN, wanted.length / 3);
  return Math.abs(wanted.length - name.length) <= most && foreignLetters(wanted, name) <= most;
}

/** Two in each of three words. */
const MOST_FOREIGN = 6;

/** By the last bits of a letter's code. */
const letters = new Uint8Array(128);

/** How many letters of the name the other one does not have, or not as often. */
function foreignLetters(wanted: string, name: string): number {
  letters.fill(0);
  for (let at = 0; at < wanted.length; at += 1) addLetter(wanted.charCodeAt(at) & 127, 1);
  let foreign = 0;
  for (let at = 0; at < name.length; at += 1) {
    const letter = name.charCodeAt(at) & 127;
    if (letters[letter] === 0) foreign += 1;
    else addLetter(letter, -1);
  }
  return foreign;
}

function addLetter(letter: number, by: number): void {
  letters[letter] = (letters[letter] ?? 0) + by;
}

function isSlip(wanted: string, name: string): boolean {
  // redis-0 and redis-1 are two things.
  if (wanted === name || withoutDigits(wanted) === withoutDigits(name)) return false;
  const [words, others] = [wordsOf(wanted), wordsOf(name)];
  if (words.length !== others.length) return isNear(wanted, name);
  // orders-dev and orders-qa are two things, and so are orders-db and orders-web.
  return words.every((word, index) => word === others[index] || isNear(word, others[index] ?? ""));
}

function isNear(a: string, b: string): boolean {
  if (nearest(a, [b]) === undefined) return false;
  // A letter that is left out: dta for data.
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  const isCutShort =
    long.length >= SHORTEST_WORD && long.length - short.length === 1 && isInside(short, long);
  return short.length >= SHORTEST_WORD || isCutShort || lettersOf(a) === lettersOf(b);
}

/** Whether the letters of one are in the other, in their order, with the same first one. */
function isInside(short: string, long: string): boolean {
  let at = 0;
  for (const letter of long) if (letter === short[at]) at += 1;
  return at === short.length && short[0] === long[0] && short !== long.slice(0, -1);
}

function wordsOf(name: string): readonly string[] {
  return name.split(/[-._]/);
}

function lettersOf(word: string): string {
  return word.split("").sort().join("");
}

function withoutDigits(name: string): string {
  return name.replaceAll(/\d/g, "");
}
