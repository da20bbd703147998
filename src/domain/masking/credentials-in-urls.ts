// Users and passwords in addresses: scheme://user:password@host, and the forms of database drivers without a scheme. Pure.
import { MASK } from "./mask.ts";

/** Addresses have none of these; each stretch between them is looked at once. */
const WORD = /[^\s"'<>`]+/g;
/** A password between user and host; a port is no password. */
const USER_AND_PASSWORD = /^([^:@/]*:)(?!\d{1,5}(?:[/?#]|$))./s;
/** A user of that length is a token. */
const LONG_USER = 16;
/** user:password@tcp(host:3306), user:password@host:3306. An image with its digest has two colons as well. */
const WITHOUT_SCHEME =
  /^((?:[\w.-]{1,100}=)?(?!jdbc:)[A-Za-z][\w.-]{0,100}:)(?!\/)([^@]+)(?=@(?:(?:tcp|udp|unix)\(|(?!sha\d)[a-z\d.-]{1,253}:\d{2,5}(?:[/?,;)\]]|$)))/i;
/** jdbc:oracle:thin:user/password@host, sqlplus user/password@host. */
const ORACLE =
  /^((?:jdbc:oracle:\w{1,10}:)?[A-Za-z]\w{0,100}\/)([^@/]+)(?=@(?:\/\/)?[a-z\d.-]{1,253}:\d{2,5}\b)/i;

/** The text without passwords in addresses. */
export function withoutCredentialsInUrls(text: string): string {
  return text.includes("@") ? text.replace(WORD, withoutCredentials) : text;
}

function withoutCredentials(word: string): string {
  const lastAt = word.lastIndexOf("@");
  if (lastAt < 0) return word;
  const scheme = word.indexOf("://");
  if (scheme < 0) return word.replace(ORACLE, `$1${MASK}`).replace(WITHOUT_SCHEME, `$1${MASK}`);
  const from = scheme + 3;
  if (lastAt <= from) return word;
  const user = word.slice(from, lastAt);
  const named = USER_AND_PASSWORD.exec(user)?.[1];
  if (named !== undefined) return word.slice(0, from) + named + MASK + word.slice(lastAt);
  const isToken = user.length >= LONG_USER && !/[:@/]/.test(user);
  return isToken ? word.slice(0, from) + MASK + word.slice(lastAt) : word;
}
