// The file of metric sources that an administrator mounts: addresses, credentials, and which namespaces can use what.
// A guard names a source and never an address, so that nobody who writes a guard sends the operator anywhere.
import { parse } from "yaml";
import { z } from "zod";
import { DURATION_PATTERN, parseDuration } from "../../api/duration.ts";
import { PODS_SOURCE } from "../../api/metric-check.ts";

/** A header must not change who is asked, or where the request ends. */
const FORBIDDEN_HEADER =
  /^(host|connection|content-.*|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*)$/i;
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;
/** Printable ASCII: nothing in it ends a header. */
const HEADER_VALUE = /^[\x20-\x7e]{0,1000}$/;
const LABEL_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,99}$/;
const NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const LONGEST_TIMEOUT_MS = 30_000;

const name = (what: string) =>
  z.string().regex(NAME, `${what} has at most 63 lower case letters, digits and dashes`);

const file = z
  .string()
  .min(1)
  .max(1_000)
  .refine((path) => path.startsWith("/"), "must be an absolute path");

const timeout = z
  .string()
  .max(20)
  .regex(new RegExp(DURATION_PATTERN), "must be a duration such as 5s")
  .transform((text) => parseDuration(text) ?? 0)
  .refine((ms) => ms >= 100 && ms <= LONGEST_TIMEOUT_MS, "must be from 100ms to 30s");

const sourceSchema = z
  .strictObject({
    name: name("a name").refine(
      (text) => text !== PODS_SOURCE,
      `"${PODS_SOURCE}" stands for the pods of a guard`,
    ),
    url: z.string().max(1_000).superRefine(checkUrl),
    /** Who can use it: names of namespaces, or "*" for all. */
    namespaces: z
      .array(z.union([z.literal("*"), name("a namespace")]))
      .min(1)
      .max(5_000),
    /** The label with the namespace, which every selector of a guard then gets; false if the source itself confines. */
    confine: z
      .union([
        z.strictObject({ label: z.string().regex(LABEL_NAME, "must be the name of a label") }),
        z.literal(false),
      ])
      .default({ label: "namespace" }),
    /** The label with the name of the pod. */
    podLabel: z.string().regex(LABEL_NAME, "must be the name of a label").default("pod"),
    bearerTokenFile: file.optional(),
    basicAuth: z.strictObject({ usernameFile: file, passwordFile: file }).optional(),
    /** Certificates (PEM) of the authorities to trust, instead of those that Node.js trusts. */
    caFile: file.optional(),
    /** $namespace in a value stands for the namespace of the guard. */
    headers: z
      .record(
        z.string().regex(HEADER_NAME, "must be the name of a header"),
        z.string().regex(HEADER_VALUE, "must be printable ASCII"),
      )
      .default({}),
    timeout: timeout.default(5_000),
    limits: z
      .strictObject({
        concurrent: z.int().min(1).max(100).default(8),
        perSecond: z.number().min(0.1).max(1_000).default(20),
      })
      .prefault({}),
  })
  .superRefine(({ bearerTokenFile, basicAuth, headers }, context) => {
    const authorizes = Object.keys(headers).filter((header) => header.toLowerCase() === "authorization");
    if ([bearerTokenFile, basicAuth, authorizes[0]].filter((way) => way !== undefined).length > 1)
      context.addIssue({
        code: "custom",
        message: "use one of bearerTokenFile, basicAuth and the header Authorization",
      });
    for (const header of Object.keys(headers).filter((header) => FORBIDDEN_HEADER.test(header)))
      context.addIssue({ code: "custom", path: ["headers", header], message: "cannot be set" });
  });

const fileSchema = z
  .strictObject({ sources: z.array(sourceSchema).max(100) })
  .superRefine(({ sources }, context) => {
    const seen = new Set<string>();
    for (const [index, { name }] of sources.entries()) {
      if (seen.has(name))
        context.addIssue({
          code: "custom",
          path: ["sources", index, "name"],
          message: `"${name}" is used twice`,
        });
      seen.add(name);
    }
  });

/** A source as its administrator describes it; times in milliseconds. */
export type MetricSourceConfig = z.output<typeof sourceSchema>;

/** Reads the text of the file. Throws with one line that names each mistake and where it is, and quotes no value. */
export function parseSourceFile(text: string): readonly MetricSourceConfig[] {
  // Pretty errors quote the lines around a mistake.
  const parsed = fileSchema.safeParse(parse(text, { prettyErrors: false }));
  if (parsed.success) return parsed.data.sources;
  throw new Error(parsed.error.issues.map(issueText).join("; "));
}

function issueText({ path, message }: z.core.$ZodIssue): string {
  const place = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  return `${place.replace(/^\./, "") || "the file"}: ${message}`;
}

function checkUrl(text: string, context: z.core.$RefinementCtx<string>): void {
  const refuse = (message: string) => context.addIssue({ code: "custom", message });
  if (!URL.canParse(text)) {
    refuse("must be a URL such as http://prometheus.monitoring:9090");
    return;
  }
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") refuse("must start with http:// or https://");
  if (url.username || url.password) refuse("cannot hold credentials; use basicAuth or bearerTokenFile");
  if (url.search || url.hash || /[?#]/.test(text)) refuse("cannot have a query or a fragment");
}
