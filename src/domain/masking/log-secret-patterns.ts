// Secrets in the forms in which they stand in logs: more is masked there than in what Kubernetes says, for nobody knows what applications write. Pure.
import { MASK, withoutSecrets } from "./secret-patterns.ts";

/** A private key of which the log shows only the end: everything before it is of the key. */
const END_OF_KEY = /^[\s\S]*?(?=-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----)/;
const BEGIN_OF_KEY = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY/;
/** Lines that end in base64 and have no other word but a time before it: of a key of which neither end is shown. */
const BASE64_LINE = /^((?:[^\s]{0,40}[ \t]{1,4})?)[A-Za-z0-9+/]{40,}={0,2}[ \t]*$/gm;

/** As in secret-patterns.ts: the first group stays. */
const PATTERNS: readonly RegExp[] = [
  /(\b(?:set-)?cookie["']?\s{0,2}[:=]\s{0,2})[^\n]+/gi,
  /(\bauthorization\\{0,3}["']?\s{0,2}[:=]\s{0,2}\\{0,3}["']?(?:[a-z]{1,12}\s)?)[^"'\\\n]+/gi,
  // password "…", token is '…'
  /((?:pass(?:word|wd|phrase)|token|api[-_ ]?key)\s{1,3}(?:is\s{1,3}|was\s{1,3}|of\s{1,3})?(["'`]))(?!\*\*\*)(?:(?!\2)[^\n])+/gi,
  // Query parameters and connection strings
  /([?&;](?:[a-z0-9-]*signature|sig|code|auth|key|sid|session)=)[^\s"'&;]+/gi,
  /((?:account|shared|signing|encryption|master|session)[-_]?(?:access)?[-_]?key["']?\s{0,2}[=:]\s{0,2}["']?)(?!\*\*\*)[^\s"',;&]{3,}/gi,
];
/** Long words of small letters, capitals and digits: tokens and keys of whatever kind. Hashes and uuids have no capitals. */
const LONG_WORD = /(?<![A-Za-z0-9_+=-])[A-Za-z0-9_+=-]{32,}/g;

/** The text without what looks like a secret. */
export function withoutLoggedSecrets(text: string): string {
  const beforeEnd = END_OF_KEY.exec(text)?.[0];
  const isCutOff = beforeEnd !== undefined && !BEGIN_OF_KEY.test(beforeEnd);
  const whole = isCutOff ? MASK + text.slice(beforeEnd.length) : text;
  return withoutSecrets(PATTERNS.reduce((rest, pattern) => rest.replace(pattern, `$1${MASK}`), whole))
    .replace(BASE64_LINE, `$1${MASK}`)
    .replace(LONG_WORD, (word) => (looksRandom(word) ? MASK : word));
}

function looksRandom(word: string): boolean {
  return /[a-z]/.test(word) && /[A-Z]/.test(word) && /\d/.test(word);
}
