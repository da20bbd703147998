// Chance, repeatable: everything random in the simulated cluster comes from one seed.

/** A stream of random values; the same seed gives the same stream. */
export interface Random {
  /** A number in [from, to). */
  between(from: number, to: number): number;
  /** `length` letters and digits as Kubernetes uses them in generated names. */
  suffix(length: number): string;
  hex(length: number): string;
  uuid(): string;
}

/** The characters of generated names: no vowels, so that no words appear. */
export const NAME_CHARACTERS = "bcdfghjklmnpqrstvwxz2456789";
const HEX = "0123456789abcdef";

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const pick = (characters: string, length: number): string => {
    // Not put together character by character: V8 would keep a node for each of them, 2 kB for a container's ID.
    const codes: number[] = [];
    for (let i = 0; i < length; i++)
      codes.push(characters.charCodeAt(Math.floor(next() * characters.length)));
    return String.fromCharCode(...codes);
  };
  const hex = (length: number): string => pick(HEX, length);
  return {
    between: (from, to) => from + next() * (to - from),
    suffix: (length) => pick(NAME_CHARACTERS, length),
    hex,
    uuid: () => [hex(8), hex(4), `4${hex(3)}`, `${pick("89ab", 1)}${hex(3)}`, hex(12)].join("-"),
  };
}
