// How the time of a function grows with the length of its text, in processor time: as a ratio, since machines differ.

/** Times the length; what takes time in proportion grows about as much. */
const LONGER = 8;
/** Far above what is proportional, far below the square. */
export const MOST_GROWTH = LONGER * 3;
const SHORT = 16_000;
/** Shorter times say nothing. */
const LEAST_MS = 0.5;
const TRIES = 3;

/** A busy machine slows one measurement, and what grows too much does so in each. */
const MEASUREMENTS = 3;

/** How many times longer the function takes for a text made of {@link LONGER} times as many pieces. */
export function growthOf(read: (text: string) => unknown, piece: string): number {
  const short = piece.repeat(Math.ceil(SHORT / piece.length));
  const long = short.repeat(LONGER);
  read(short);
  let growth = Number.POSITIVE_INFINITY;
  for (let count = 0; count < MEASUREMENTS && growth > MOST_GROWTH; count += 1) {
    growth = Math.min(growth, fastest(() => read(long)) / fastest(() => read(short)));
  }
  return growth;
}

function fastest(run: () => unknown): number {
  const times = Array.from({ length: TRIES }, () => {
    const { user } = process.cpuUsage();
    run();
    return (process.cpuUsage().user - user) / 1_000;
  });
  return Math.max(LEAST_MS, Math.min(...times));
}

/** Pieces of texts by which patterns that try again and again would be held up. */
export const HOSTILE_PIECES: readonly string[] = [
  " ",
  "a",
  "A1",
  "=",
  ":",
  '"',
  "\\",
  '\\"',
  "/",
  "@",
  "-",
  ".",
  "_-",
  "\n",
  "\t",
  "://",
  "a://:",
  "a://b:c@",
  "a:b@",
  "a/b@",
  "key=",
  'key="',
  'key="a ',
  'key="a\n',
  "key=[",
  'key=["a',
  'key=["a\n',
  "key: a ",
  "password",
  "password=",
  "password: ",
  "password\\\\",
  '{"password":"x"},',
  "name value",
  "secret, value",
  "--token ",
  "-token",
  " -p",
  " -p1",
  "redis-cli -a ",
  "using password ",
  'token is "',
  "cookie: ",
  "<password>",
  "bearer ",
  "eyJ",
  "-eyJ",
  "eyJaaaa.",
  "ghp_",
  "AKIA",
  "xoxb-",
  "-----BEGIN PRIVATE KEY",
  "-----BEGIN PRIVATE KEY-----",
  "-----END PRIVATE KEY-----",
  "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC",
  "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCMIIEvQIBADAN\n",
  "\u001B[",
  "\u001B[0",
  "\u001B]a",
  "\u200B",
  "\ud83d",
  "?sig=",
  "-u a:",
  "a=b;",
];
