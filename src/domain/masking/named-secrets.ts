// What is given to names of secrets: DB_PASSWORD=…, "token": "…", --api-key …, <password>…</password>. Each character is
// looked at a few times at most, whatever the text. Pure.
import { MASK } from "./mask.ts";
import { type Given, isReadable } from "./readable-values.ts";
import { type NameStrength, secretNameStrength } from "./secret-names.ts";

/** The end of a quoted or bracketed name: DB_PASSWORD" or \"token\" or headers['x-api-key']. */
const CLOSE = String.raw`(?:\\{0,3}["'\x60])?[\])]?`;
const QUOTE = String.raw`(?:\\{0,3}["'\x60])?`;
/** =, :, =>, := and what addresses write for them; not the colon of scheme://. */
const ASSIGN = String.raw`[ \t]{0,3}(?:=>|:=|={1,2}|:(?!\/\/)|%3[ad])[ \t]{0,3}`;
/** {"name": "DB_PASSWORD", "value": "…"}, and the same in YAML and XML. */
const VALUE_FIELD = String.raw`[,\s]{1,12}${QUOTE}value${QUOTE}[ \t]{0,2}[=:][ \t]{0,2}`;
/** A name begins where a word begins, so that each word is read once. */
const GIVEN = new RegExp(String.raw`(?<![\w.-])([\w.-]+)(${CLOSE})(${VALUE_FIELD}|${ASSIGN}|>)`, "gi");
/** --password …, "--password", "…" */
const FLAG = new RegExp(
  String.raw`(?<![\w.-])(-{1,2}[a-z][\w.-]*)(${CLOSE})([,\s]{1,3}${QUOTE})(?=[^\s"'-])`,
  "gi",
);
/** Headers whose whole value is secret, with spaces and semicolons in it. */
const HEADER = /^(?:x-)?(?:proxy-)?(?:set-)?(?:cookie2?|authorization|forwarded-client-cert)$/i;
const SCHEME = /(?:basic|bearer|digest|negotiate|apikey|token|aws4-hmac-sha256|hmac|ntlm)[ \t]{1,3}/iy;
/** volume "secrets" : …, as Kubernetes names its objects: what follows is said of it. */
const OF_OBJECT =
  /\b(?:volumes?|secrets?|configmap|claim|containers?|pods?|services?|serviceaccount|resources?) \\{0,3}["']$|\btaints? \{$/i;
/** Query parameters that are as good as a key. */
const QUERY = /^(?:.*[-_.])?(?:signature|sig|code|sid|session|ticket|hmac)$/i;

/** The text without what names of secrets are given. */
export function withoutNamedSecrets(text: string): string {
  return masked(masked(text, GIVEN), FLAG);
}

function masked(text: string, pattern: RegExp): string {
  const line = lineEnds(text);
  let shown = "";
  let at = 0;
  pattern.lastIndex = 0;
  for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
    const [whole, name = "", , separator = ""] = found;
    const from = found.index + whole.length;
    const isSaidOf = quoteAt(text, from) === "" && isNameOfObject(text, found.index);
    const strength = isSaidOf ? undefined : strengthOf(text, found.index, name, separator);
    const stretch = strength && secretAt(text, { from, name, separator, strength, lineEnd: line(from) });
    // What follows a name that is none may be a name itself.
    pattern.lastIndex = stretch ? stretch.to : found.index + Math.max(1, name.length);
    if (!stretch) continue;
    shown += text.slice(at, stretch.from) + MASK;
    at = stretch.to;
  }
  return shown + text.slice(at);
}

function strengthOf(text: string, at: number, name: string, separator: string): NameStrength | undefined {
  const isElement = separator === ">";
  if (isElement && text[at - 1] !== "<") return undefined;
  const bare = name.replace(/^[-.]+/, "");
  if (HEADER.test(bare)) return "strong";
  if (/[?&;]/.test(text[at - 1] ?? "") && QUERY.test(bare)) return "counted";
  if (/^x-.*signature$/i.test(bare)) return "strong";
  return secretNameStrength(bare, /([A-Za-z]{1,20})[ -]$/.exec(text.slice(Math.max(0, at - 24), at))?.[1]);
}

function isNameOfObject(text: string, at: number): boolean {
  return OF_OBJECT.test(text.slice(Math.max(0, at - 24), at));
}

interface Place {
  readonly from: number;
  readonly name: string;
  readonly separator: string;
  readonly strength: NameStrength;
  readonly lineEnd: number;
}

/** Where the secret stands that begins there; undefined where none does. */
function secretAt(text: string, place: Place): { readonly from: number; readonly to: number } | undefined {
  const { from, name, separator, lineEnd, strength } = place;
  const quote = quoteAt(text, from);
  if (text[from] === "[" && quoteAt(text, from + 1)) {
    const end = text.slice(from, lineEnd).indexOf("]");
    return { from: from + 1, to: end < 0 ? lineEnd : from + end };
  }
  const start = from + quote.length;
  if (HEADER.test(name)) {
    SCHEME.lastIndex = start;
    const scheme = SCHEME.exec(text)?.[0] ?? "";
    const to = quote ? closingQuote(text, start, quote, lineEnd) : lineEnd;
    return kept(text, { start: start + scheme.length, to, strength, separator, isQuoted: true });
  }
  if (quote) {
    const to = closingQuote(text, start, quote, lineEnd);
    return kept(text, { start, to, strength, separator, isQuoted: true });
  }
  const VALUE = separator === ">" ? /[^<\n]+/y : /(?:[^\s"',;&\\]|\\(?!["'nrt]))+/y;
  VALUE.lastIndex = start;
  const value = VALUE.exec(text)?.[0] ?? "";
  return kept(text, { start, to: start + value.length, strength, separator, isQuoted: false });
}

interface Candidate {
  readonly start: number;
  readonly to: number;
  readonly strength: NameStrength;
  readonly separator: string;
  readonly isQuoted: boolean;
}

function kept(text: string, { start, to, strength, separator, isQuoted }: Candidate) {
  const given: Given = {
    value: text.slice(start, to),
    rest: text.slice(to, to + 30),
    strength,
    isSpaced: /\s$/.test(separator),
    isQuoted,
  };
  return isReadable(given) ? undefined : { from: start, to };
}

function quoteAt(text: string, at: number): string {
  const QUOTE_MARK = /\\{0,3}["'`]/y;
  QUOTE_MARK.lastIndex = at;
  return QUOTE_MARK.exec(text)?.[0] ?? "";
}

/** The next quote that has as many backslashes before it as the first; without one, the end of the line. */
function closingQuote(text: string, from: number, quote: string, lineEnd: number): number {
  const mark = quote.slice(-1);
  const line = text.slice(from, lineEnd);
  for (let end = line.indexOf(mark); end >= 0; end = line.indexOf(mark, end + 1)) {
    let backslashes = 0;
    while (line[end - backslashes - 1] === "\\") backslashes += 1;
    if (backslashes < quote.length) return from + end - backslashes;
  }
  return lineEnd;
}

/** Where the line of a place ends, for places that only go forward. */
function lineEnds(text: string): (from: number) => number {
  let end = -1;
  return (from) => {
    if (end < from) end = text.indexOf("\n", from);
    if (end < 0) end = text.length;
    return end;
  };
}
