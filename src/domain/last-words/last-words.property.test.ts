// Secrets in logs: planted in the forms in which applications write them, and never seen in what an Incident keeps.
import { expect } from "chai";
import fc from "fast-check";
import { LAST_WORDS } from "../../api/incident.ts";
import { propertyRuns } from "../testing/property-runs.ts";
import { lastLines } from "./last-words.ts";

const of = (characters: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...Array.from(characters)), minLength, maxLength });

const SMALL = "abcdefghijklmnopqrstuvwxyz";
const LETTERS = `${SMALL}${SMALL.toUpperCase()}0123456789`;
/** Nothing that stands in any of the forms by itself. */
const word = of(LETTERS, 10, 40).map((text) => `q9${text}Zx7`);
const withMarks = fc.tuple(word, of("!#%*+./:?@^_~-", 1, 4), word).map((parts) => parts.join(""));
const base64 = of(`${LETTERS}+/`, 40, 76);

interface Form {
  readonly secret: fc.Arbitrary<string>;
  readonly write: (secret: string) => string;
}

const FORMS: Readonly<Record<string, Form>> = {
  "key=value": { secret: withMarks, write: (it) => `starting with DB_PASSWORD=${it} and more` },
  "key: value": { secret: withMarks, write: (it) => `apiKey: ${it}` },
  JSON: { secret: withMarks, write: (it) => JSON.stringify({ level: "error", password: it, at: 1 }) },
  "JSON with spaces in the value": {
    secret: fc.tuple(word, word).map((words) => words.join(" ")),
    write: (it) => JSON.stringify({ level: "error", client_secret: it }),
  },
  "JSON in JSON": {
    secret: withMarks,
    write: (it) => JSON.stringify({ msg: `sent ${JSON.stringify({ token: it, id: 7 })}` }),
  },
  "a URL": {
    secret: withMarks,
    write: (it) => `connecting to postgres://shop:${it}@db.internal:5432/shop?x=y`,
  },
  "a URL without a user": { secret: withMarks, write: (it) => `redis://:${it}@cache:6379/0 refused` },
  "a token as a URL's user": { secret: word, write: (it) => `git clone https://${it}1234@example.com/x.git` },
  "a connection string": {
    secret: withMarks,
    write: (it) => `Server=db;Database=shop;User Id=shop;Password=${it};Encrypt=yes`,
  },
  "an account key": {
    secret: word,
    write: (it) => `DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=${it};EndpointSuffix=x`,
  },
  "a bearer token": { secret: withMarks, write: (it) => `> Authorization: Bearer ${it}` },
  "basic authentication": { secret: base64, write: (it) => `authorization="Basic ${it}"` },
  "an authorization of another kind": { secret: word, write: (it) => `Authorization: ApiKey ${it}` },
  "a JSON Web Token": { secret: word, write: (it) => `jwt eyJhbGciOi.eyJzdWIi${it}.${it} expired` },
  "keys of AWS": {
    secret: base64,
    write: (it) => `AKIAIOSFODNN7EXAMPLE / aws_secret_access_key = ${it}`,
  },
  "a token of GitHub": { secret: word, write: (it) => `remote said no to ghp_${it}` },
  "an argument": { secret: word, write: (it) => `exec: ["server", "--token", "x"]; server --token ${it}` },
  "a cookie": { secret: withMarks, write: (it) => `set-cookie: sid=${it}; HttpOnly` },
  "a signed URL": { secret: word, write: (it) => `GET /x?se=2026&sig=${it}&sp=r 403` },
  "a sentence": { secret: withMarks, write: (it) => `login as shop with password "${it}" failed` },
  "a private key": {
    secret: base64,
    write: (it) => `-----BEGIN RSA PRIVATE KEY-----\n${it}\n${it}\n-----END RSA PRIVATE KEY-----\nbye`,
  },
  "the end of a private key": {
    secret: base64,
    write: (it) => `${it}\n${it}=\n-----END PRIVATE KEY-----\nbye`,
  },
  "the beginning of a private key": {
    secret: base64,
    write: (it) => `-----BEGIN EC PRIVATE KEY-----\n${it}\n${it}`,
  },
  "the middle of a private key": { secret: base64, write: (it) => `${it}\n${it}` },
  "colours inside of it": {
    secret: word,
    write: (it) => `password=\u001B[31m${it.slice(0, 5)}\u001B[1;38:5:1m${it.slice(5)}\u001B[0m`,
  },
};

/** What stands around it: other lines, terminals, garbage. */
const noise = fc.array(
  fc.oneof(
    fc.constant("listening on port 8080"),
    fc.string({ unit: "binary", maxLength: 60 }).map((text) => text.replaceAll("\n", " ")),
    fc.constant("\u001B[32mINFO\u001B[0m ready"),
  ),
  { maxLength: 25 },
);

const plain = (text: string) => text;

describe("the last lines of a log", () => {
  for (const [name, { secret, write }] of Object.entries(FORMS)) {
    it(`show no secret that comes as ${name}`, () => {
      fc.assert(
        fc.property(secret, noise, fc.integer({ min: 0, max: 5 }), (hidden, lines, after) => {
          const at = Math.max(0, lines.length - after);
          const log = [...lines.slice(0, at), write(hidden), ...lines.slice(at)].join("\n");
          const shown = lastLines(log, plain).join("\n");
          expect(shown).not.to.include(hidden);
          // Nor a piece of it that is long enough to be of use.
          for (let from = 0; from + 9 <= hidden.length; from += 3) {
            expect(shown, hidden).not.to.include(hidden.slice(from, from + 9));
          }
        }),
        propertyRuns(40),
      );
    });
  }

  it("are within their bounds whatever was written, and can be shown", () => {
    const anything = fc.oneof(
      fc.string({ unit: "binary", maxLength: 400 }),
      fc
        .constantFrom("x", "é", "\u{1F4A5}", '"')
        .chain((unit) => fc.integer({ min: 0, max: 9_000 }).map((n) => unit.repeat(n))),
    );
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 40 }), (lines) => {
        const shown = lastLines(lines.join("\n"), plain);
        expect(shown.length).to.be.at.most(LAST_WORDS.lines);
        expect(shown.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0)).to.be.at.most(
          LAST_WORDS.bytes,
        );
        for (const line of shown) {
          expect(Buffer.byteLength(line)).to.be.at.most(LAST_WORDS.lineBytes);
          expect(line.replaceAll("\t", "")).not.to.match(/\p{Cc}/u);
          expect(line.isWellFormed()).to.equal(true);
        }
      }),
      propertyRuns(100),
    );
  });
});
