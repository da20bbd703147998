// Passwords on command lines and in sentences, where no name and no mark stands before them. Pure.
import { MASK } from "./mask.ts";

/** -pPASSWORD of mysql; what begins with a known word is another flag. */
const GLUED =
  /((?<![\w-])-p)(?!\d+\b|ort|rint|ath|id|refix|rof|lugin|roj|arallel|ool|ut|rivate|ubl|rot|rox|ackage|aren|age|lain|att|ython|ipe|re|ost)(?=[^\s"']{0,100}[\d!@#$%^&*])([^\s"']{5,})/g;
/** Programs that take the password after a flag of one letter. */
const PROGRAMS: readonly { readonly program: RegExp; readonly flag: string }[] = [
  { program: /\bredis-cli\b/, flag: "a" },
  {
    program: /\b(?:sshpass|docker login|podman login|helm registry login|htpasswd|plink|mongo\w{0,10})\b/,
    flag: "p",
  },
  { program: /\bldap(?:search|modify|add|whoami|passwd)\b/, flag: "w" },
  { program: /\b(?:sqlcmd|bcp)\b/, flag: "P" },
];
const FLAG_AND_VALUE = /((?<![\w-])-([apwP])[ \t]{1,3}["']?)(?!-)([^\s"']{3,})/g;
/** How far before the flag its program is looked for. */
const NEAR = 200;
/** -u user:password of curl; of containers these are numbers. */
const USER =
  /((?<![\w-])(?:-u|-U|--user|--proxy-user)[ \t=]{1,3}["']?[^\s:"']{1,100}:)(?!\d+\b|\*\*\*)[^\s"']+/g;
/** using password …, with password …; not "using password authentication". */
const SENTENCE =
  /(\b(?:using|with)[ ](?:the[ ])?(?:password|passwd|passphrase|token|secret|api key)[ ]["'`]?)(?!\*\*\*|(?:auth|login|file|from|for|in|of|and|or|based|grant|hash|is|was|has|to|that|as|only|prompt|policy|protect|set|length|encrypt|provider|store|manager|name|ref|scope|expir|type|not|at|on|by|via)[a-z]*\b)[^\s"'`,;]{3,}/gi;
/** password hunter2, without any mark: a word with letters and digits. */
const UNMARKED =
  /(\b(?:password|passwd|passphrase|pwd)[ ](?:is[ ]|was[ ])?)(?=[^\s"'`]{0,60}\d)(?=[^\s"'`]{0,60}[A-Za-z])[^\s"'`,;:=]{5,}/gi;
/** password "…", token is '…', IDENTIFIED BY '…' */
const QUOTED =
  /((?:(?<!\b(?:unexpected|expected|invalid|illegal|near) )\b(?:password|passwd|passphrase|token|api[-_ ]?key|secret key)[ ]{1,2}(?:is[ ]|was[ ]|of[ ])?|\b(?:identified by|identified with \w{1,40} by)[ ]{1,2})(["'`]))(?!\*\*\*)(?:(?!\2)[^\n])+/gi;

/** The text without passwords in commands and sentences. */
export function withoutSecretArguments(text: string): string {
  return text
    .replace(GLUED, `$1${MASK}`)
    .replace(FLAG_AND_VALUE, (whole, before: string, flag: string, _value: string, at: number) => {
      const line = text.slice(Math.max(0, at - NEAR), at);
      return PROGRAMS.some((each) => each.flag === flag && each.program.test(line)) ? before + MASK : whole;
    })
    .replace(USER, `$1${MASK}`)
    .replace(UNMARKED, `$1${MASK}`)
    .replace(SENTENCE, `$1${MASK}`)
    .replace(QUOTED, `$1${MASK}`);
}
