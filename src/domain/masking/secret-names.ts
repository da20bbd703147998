// Which names are names of secrets: DB_PASSWORD, apiKey and X-Auth-Token are; keyboard, tokenizer and secretName are not. Pure.

/**
 * How sure the name is: what follows a strong one is masked even where it reads like a sentence; a counted one can have a
 * number, as tokens have.
 */
export type NameStrength = "strong" | "weak" | "counted";

/** Wherever they stand in a name, and without its capitals and marks. */
const STRONG = /passw|passphrase|passcode|pwd|secret|jsessionid|phpsessid|connect\.?sid|csrf|xsrf/;
const WEAK = /token|credential|apikey|sessionid|sessid/;
/** Words that are too short to be looked for inside of others. */
const STRONG_WORDS: ReadonlySet<string> = new Set(["pass", "pw", "psw", "otp"]);
const WEAK_WORDS: ReadonlySet<string> = new Set(["auth", "key", "keys", "creds", "cred", "jwt"]);
/** As names are glued together: dbpw, sshkey, proxyauth. */
const GLUED = /(?:key|pw|dbpass|userpass|rootpass|adminpass|auth)$/;
const ORDINARY =
  /(?:monkey|turkey|donkey|hockey|jockey|whiskey|hotkey|unauth|oauth|keyboard|tokeniz(?:er|e|ed|ing|ation)|tokenis(?:er|e|ed|ing|ation)|secretary|secretariat|secretion)s?$/;

/** What programs count. */
const COUNTED: ReadonlySet<string> = new Set([
  "tokens",
  "keys",
  "secrets",
  "passwords",
  "credentials",
  "creds",
]);

/** What they add says that it is about the secret, not the secret itself: secretName, token_expiry, key_size. */
const ABOUT: ReadonlySet<string> = new Set(
  (
    "name names ref refs type kind url uri path paths file filename dir directory mount expiry expires expired expiration ttl " +
    "lifetime age length size count limit limits mode method methods policy enabled disabled required optional provider " +
    "endpoint issuer algorithm alg version host server port timeout status state error errors source usage used class " +
    "created updated rotation rotated valid invalid missing found format encoding per prefix manager store index rate " +
    "check checks validator service cache controller handler window budget space at"
  ).split(" "),
);
/** Keys that name things: of tables, maps, caches and messages, and the half of a pair that everybody may have. */
const ORDINARY_KEYS: ReadonlySet<string> = new Set(
  (
    "primary foreign partition cache routing sort object map json index unique duplicate label annotation row column " +
    "lookup dictionary public missing unknown composite natural shard hash range event message translation i18n config " +
    "existent env environment variable setting property invalid such unexpected required unsupported"
  ).split(" "),
);

/**
 * Whether what the name is given is a secret. `before` is the word before the name: "primary key" is not one key of many.
 * Both may be of any length; nothing here takes more time than the name has letters.
 */
export function secretNameStrength(name: string, before = ""): NameStrength | undefined {
  const words = wordsOf(name);
  const last = words.at(-1) ?? "";
  if (name.toLowerCase().startsWith("imagepullsecret")) return undefined;
  if (words.length === 0 || ABOUT.has(last) || isAnIdentity(words)) return undefined;
  const isKey = last === "key" || last === "keys";
  if (isKey && ORDINARY_KEYS.has(words.at(-2) ?? before.toLowerCase())) return undefined;
  if (isKey && words.length > 1 && before.toLowerCase() === "existent") return undefined;
  const plain = words.join("");
  // Tests pass as well.
  if (plain === "pass" || COUNTED.has(last) || words.includes("tokens")) return "counted";
  if (ORDINARY.test(last) && !words.slice(0, -1).some(isOneOfTheWords)) return undefined;
  if (STRONG.test(plain) || words.some((word) => STRONG_WORDS.has(word))) return "strong";
  if (WEAK.test(plain) || words.some((word) => WEAK_WORDS.has(word)) || GLUED.test(last)) return "weak";
  return undefined;
}

function isOneOfTheWords(word: string): boolean {
  return STRONG_WORDS.has(word) || WEAK_WORDS.has(word) || STRONG.test(word) || WEAK.test(word);
}

/** key_id and token_id tell which one; the secret_id of Vault is a secret. */
function isAnIdentity(words: readonly string[]): boolean {
  return (words.at(-1) === "id" || words.at(-1) === "ids") && words.at(-2) !== "secret" && !isSession(words);
}

function isSession(words: readonly string[]): boolean {
  return words.at(-2) === "session";
}

/** DB_PASSWORD, dbPassword, db-password, DBPassword → db, password. */
function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== "");
}
