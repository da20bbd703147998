// Secrets in what applications write themselves, their logs and last messages: more is masked there than in what Kubernetes says,
// for nobody knows what applications write. Pure.
import { MASK } from "./mask.ts";
import { withoutSecrets } from "./secret-patterns.ts";

/** A private key of which the text shows only the end: everything before it is of the key. */
const END_OF_KEY = /-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
const BEGIN_OF_KEY = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY/;
/** Lines that end in base64 and have no other word but a time before it: of a key of which neither end is shown. */
const BASE64_LINE = /^((?:[^\s]{0,40}[ \t]{1,4})?)[A-Za-z0-9+/]{40,}={0,2}[ \t]*$/gm;
/** Long words of small letters, capitals and digits: tokens and keys of whatever kind. Hashes and uuids have no capitals. */
const LONG_WORD = /(?<![A-Za-z0-9_+=-])[A-Za-z0-9_+=-]{32,}/g;

/** The text without what looks like a secret. */
export function withoutLoggedSecrets(text: string): string {
  const end = END_OF_KEY.exec(text)?.index;
  const isCutOff = end !== undefined && !BEGIN_OF_KEY.test(text.slice(0, end));
  const whole = isCutOff ? MASK + text.slice(end) : text;
  return withoutSecrets(whole)
    .replace(BASE64_LINE, `$1${MASK}`)
    .replace(LONG_WORD, (word) => (looksRandom(word) ? MASK : word));
}

function looksRandom(word: string): boolean {
  return /[a-z]/.test(word) && /[A-Z]/.test(word) && /\d/.test(word);
}
