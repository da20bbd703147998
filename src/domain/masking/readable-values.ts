// What follows a name of a secret and is none: "password: required", "using password: YES", "token: unexpected end". Pure.
import { MASK } from "./mask.ts";
import type { NameStrength } from "./secret-names.ts";

/** What a name was given, as it stands in the text. */
export interface Given {
  readonly value: string;
  /** The characters after it. */
  readonly rest: string;
  readonly strength: NameStrength;
  /** Whether a space stands before it, as in sentences. */
  readonly isSpaced: boolean;
  readonly isQuoted: boolean;
}

/** Words that programs write where a value would stand. */
const WORDS: ReadonlySet<string> = new Set(
  (
    "true false yes no on off null nil none undefined nan empty missing required optional invalid expired unset unknown " +
    "must should shall cannot can't could is are was were has have not no does did doesn't didn't isn't wrong incorrect " +
    "rejected denied failed failure error malformed mismatch unauthorized forbidden redacted hidden masked filtered " +
    "loaded found ok set provided given configured unchanged created updated deleted default disabled enabled insecure public string"
  ).split(" "),
);
/** <redacted>, [FILTERED], (hidden), xxxx, …, ${DB_PASSWORD} and $(DB_PASSWORD). */
const STAND_IN =
  /^(?:<[\w .-]{0,40}>?|\[[A-Za-z_ -]{1,30}\]?|\([A-Za-z_ -]{1,30}\)?|[xX]{3,}|\.{3}|…|\$\{[\w.:-]+\}|\$\([\w.-]+\)|\{\{[^}]{0,80}\}?\}?)$/;
const PATH = /^\.{0,2}(?:\/[a-z\d_.-]+){2,}\/?$/;
const FILE =
  /^[\w.-]*\.(?:pem|crt|cer|key|json|ya?ml|txt|jks|p12|pfx|conf|ini|env|html?|go|js|ts|py|java)(?::\d+)*$/i;
/** Names of variables: they say what is needed, not what it is. */
const VARIABLE = /^[A-Z]+(?:_[A-Z]+)+$/;
/** "auth: user=shop": the name is that of a part of the text. */
const ASSIGNMENT = /^[A-Za-z][\w.-]*=[^=\s]/;
/** What programs count of tokens and keys. */
const AMOUNT = /^\d{1,12}(?:\.\d{1,4})?(?:[a-z%]{1,2}|\/\w{1,10})?$/i;
/** key="DB_PASSWORD" value="…": the first is a name. */
const VALUE_FOLLOWS = /^\\{0,3}["'`][,\s]{1,12}\\{0,3}["'`]?value\\{0,3}["'`]?[ \t]{0,2}[=:]/i;
/** Shorter ones show little, and are mostly no secrets. */
const SHORTEST_WEAK = 3;

/** Whether what a name of a secret was given may be read. */
export function isReadable(given: Given): boolean {
  const { value, strength, isQuoted } = given;
  const word = value.replace(/[.,:;!?)\]}]+$/, "");
  if (value === "" || value.startsWith(MASK) || value.startsWith(`[${MASK}`) || /^[[{(]+$/.test(value))
    return true;
  if (WORDS.has(word.toLowerCase()) || STAND_IN.test(value)) return true;
  if (isQuoted && VALUE_FOLLOWS.test(given.rest)) return true;
  if (strength === "strong") return /^\/[\w./-]+$/.test(value) && /^\/[a-z]+(?:\/[a-z]+)+$/.test(word);
  if (value.length < SHORTEST_WEAK || PATH.test(word) || FILE.test(word)) return true;
  if (strength === "counted" && AMOUNT.test(word)) return true;
  if (VARIABLE.test(word)) return true;
  if (/^[a-z][a-z\d+.-]{1,20}:\/\//i.test(value)) return true;
  return !isQuoted && given.isSpaced && (readsOn(given) || ASSIGNMENT.test(value));
}

/** "token: unexpected end of input": a word and another one. */
function readsOn({ value, rest }: Given): boolean {
  return /^[a-z][a-z'-]*[,:]?$/i.test(value) && /^\s{1,2}[A-Za-z]{2,}/.test(rest);
}
