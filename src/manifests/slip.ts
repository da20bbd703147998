// Which name was probably meant by one that nothing has.
import { nearest } from "../domain/nearest.ts";

/** Words shorter than this are too much alike by nature: api, app, web. */
const SHORTEST_WORD = 4;

/** The name among `names` of which `wanted` is probably a misspelling; undefined when none is near enough. */
export function slipOf(wanted: string, names: readonly string[]): string | undefined {
  return nearest(
    wanted,
    names.filter((name) => isSlip(wanted, name)),
  );
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
  return Math.min(a.length, b.length) >= SHORTEST_WORD || lettersOf(a) === lettersOf(b);
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
