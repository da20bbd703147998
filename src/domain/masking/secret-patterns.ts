// What looks like a password, token or key in a text of the cluster's, by its form. Masked before anybody sees it. Pure.

/** What stands instead of what is not to be seen. */
export const MASK = "***";

/** Each pattern keeps what stands before the secret (its first group), which says what it was. */
const PATTERNS: readonly RegExp[] = [
  // scheme://user:password@host; a port is no password. And scheme://token@host.
  /([a-z][a-z0-9+.-]{0,30}:\/\/[^\s:@/]{0,200}:)(?!\d{1,5}(?:[/?#\s]|$))[^\s"'<>]{1,2000}(?=@)/gi,
  /([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s:@/]{16,2000}(?=@)/gi,
  // "token": "…", \"password\":\"…\", secret='…': up to the mark that closes it
  /((?:pass(?:word|wd|phrase)?|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|client[-_]?secret|credentials?)(?:\\{0,3}["'])?\s{0,2}[=:]\s{0,2}(\\{0,3}["']))(?!\*\*\*)(?:(?!\2)[^\n])+/gi,
  // password=…, api_key: …, --secret …
  /((?:pass(?:word|wd|phrase)?|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|client[-_]?secret|credentials?)(?:\\{0,3}["'])?\s{0,2}(?:=|:(?!\/\/))\s{0,2})(?!\*\*\*|\\{0,3}["'])[^\s"',;&]{3,}/gi,
  /(--?(?:password|passwd|token|secret|api-?key)\s{1,3})(?!\*\*\*)[^\s"',;-][^\s"',;]{2,}/gi,
  // Authorization: Bearer …, Basic …
  /(\b(?:bearer|basic)\s{1,3})[A-Za-z0-9+/_.~=-]{8,}/gi,
  // JSON Web Tokens; keys of AWS, GitHub, GitLab, Slack, Google, Stripe
  /()\beyJ[A-Za-z0-9_-]{4,4000}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?/g,
  /()\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/g,
  /()\b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|AIza|sk_live_|rk_live_)[A-Za-z0-9_-]{8,}/g,
  // PEM, also one that is cut off
  /(-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----)[\s\S]+?(?=-----END|$)/g,
];
/** One look that finds nothing in almost every text. */
const SUSPICIOUS =
  /:\/\/|pass|pwd|secret|token|key|credential|bearer|basic|eyJ|AKIA|ASIA|gh[pousr]_|glpat-|xox|AIza|_live_/i;

/** The text with what looks like a secret replaced by {@link MASK}. */
export function withoutSecrets(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  return PATTERNS.reduce((masked, pattern) => masked.replace(pattern, `$1${MASK}`), text);
}
