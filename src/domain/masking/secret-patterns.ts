// What looks like a password, token or key in a text of the cluster's, by its form. Masked before anybody sees it. Every
// part of it takes time in proportion to the text: what anybody may write must not hold up the operator. Pure.
import { withoutSecretArguments } from "./command-lines.ts";
import { withoutCredentialsInUrls } from "./credentials-in-urls.ts";
import { withoutKnownTokens } from "./known-tokens.ts";
import { MASK } from "./mask.ts";
import { withoutNamedSecrets } from "./named-secrets.ts";

/** PEM, also one that is cut off. */
const PRIVATE_KEY = /(-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----)[\s\S]+?(?=-----END|$)/g;
/** Bearer …, Basic …, without the name of a header before it. */
const SCHEME = /(\b(?:bearer|basic)[ \t]{1,3})([\w+/.~=-]{8,})/gi;
/** One look that finds nothing in almost every text. */
const SUSPICIOUS =
  /@|pass|pwd|psw|pw["'=:\])% ]|secret|token|key|cred|auth|cookie|csrf|xsrf|sess|sid|sig|code=|ticket|hmac|otp|jwt|bearer|basic|identified|-[pauwU]|-----BEGIN/i;

/** The text with what looks like a secret replaced by {@link MASK}. Doing it twice changes nothing more. */
export function withoutSecrets(text: string): string {
  const withoutTokens = withoutKnownTokens(text);
  if (!SUSPICIOUS.test(withoutTokens)) return withoutTokens;
  const withoutKeys = withoutCredentialsInUrls(withoutTokens.replace(PRIVATE_KEY, `$1${MASK}`));
  const withoutSchemes = withoutNamedSecrets(withoutKeys).replace(
    SCHEME,
    (whole, scheme: string, word: string) => (looksMade(word) ? scheme + MASK : whole),
  );
  return withoutSecretArguments(withoutSchemes);
}

/** Nobody writes such a word in a sentence: "basic authentication" is one, "Basic dXNlcjp4" is not. */
function looksMade(word: string): boolean {
  return /\d|[a-z][A-Z]|[=~+/_]/.test(word) || word.length >= 24;
}
