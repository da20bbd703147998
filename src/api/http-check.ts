// HTTP checks: what users write of one. RolloutGuard asks the new pods themselves, and pods of the good revision to compare.
import { z } from "zod";
import { boundedDuration } from "./bounded-duration.ts";
import { intOrString } from "./int-or-string.ts";
import { checkMode, checkName, containerPort, initialDelay, sampleInterval } from "./sampled-check.ts";
import { withRule } from "./validation-rule.ts";

/** Characters of paths and queries, one slash at the beginning. */
const PATH_PATTERN = "^/([!$-.0-Z^-~][!$-Z^-~]*)?$";
/** A segment of one or two dots, also if it is escaped. */
const DOT_SEGMENT = "^[^?]*/([.]|%2[eE]){1,2}([/?]|$)";
/** Without `_`, which some servers take for `-`. */
const HEADER_PATTERN = "^[A-Za-z0-9][-A-Za-z0-9]*$";
/**
 * What decides who asks, where a request ends or where it goes is not the guard's to say: credentials, and headers for servers,
 * proxies and metadata services.
 */
const REFUSED_HEADERS = `^(${[
  "authorization|cookie2?|host|connection|keep-alive|te|trailer|transfer-encoding|content-.*|upgrade.*|expect",
  "forwarded|via|x-forwarded.*|x-real-ip|x-original-.*|x-rewrite-.*|x-http-method.*|x-method-override",
  "proxy-.*|http2-settings|sec-.*|x-remote-.*|impersonate-.*|x-auth.*|x-api-key|x-csrf.*|x-xsrf.*",
  "metadata.*|x-aws-.*|x-google-.*|x-goog-.*|x-ms-.*|x-identity-header",
].join("|")})$`;
const HOST_PATTERN = "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:[0-9]{1,5})?$";
const STATUS_PATTERN = "^[1-5][0-9]{2}(-[1-5][0-9]{2})?$";

/** The first and the last status of "200-399" or "204"; undefined for anything else. */
export function parseStatuses(
  written: string | number,
): { readonly from: number; readonly to: number } | undefined {
  if (!new RegExp(STATUS_PATTERN).test(`${written}`)) return undefined;
  const [from = 0, to = from] = `${written}`.split("-").map(Number);
  return { from, to };
}

/** Whether a request can be for that path and query: it stays below the root of the application it is sent to. */
export function isRequestPath(text: string): boolean {
  return new RegExp(PATH_PATTERN).test(text) && !new RegExp(DOT_SEGMENT).test(text);
}

/** Whether a guard can set the header of that name. */
export function isFreeHeader(name: string): boolean {
  return new RegExp(HEADER_PATTERN).test(name) && !new RegExp(REFUSED_HEADERS).test(name.toLowerCase());
}

const headerName = withRule(z.string().min(1).max(63), {
  rule: `self.matches('${HEADER_PATTERN}') && !self.lowerAscii().matches('${REFUSED_HEADERS}')`,
  message: "must be the name of a header that does not say who asks or how to connect, for example Accept",
  holds: isFreeHeader,
});

const headerValue = withRule(z.string().max(256), {
  rule: "self.matches('^[ -~]*$')",
  message: "must be printable ASCII characters in one line",
  holds: (value) => /^[ -~]*$/.test(value),
});

const hostName = withRule(z.string().min(1).max(253), {
  rule: `self.matches('${HOST_PATTERN}')`,
  message: "must be a host name without a scheme, for example shop.example.com",
  holds: (value) => new RegExp(HOST_PATTERN).test(value),
});

const fields = z.object({
  name: checkName,
  path: withRule(z.string().min(1).max(512), {
    rule: `self.matches('${PATH_PATTERN}') && !self.matches('${DOT_SEGMENT}')`,
    message:
      "must be a path that begins with one / and has no host and no .. in it, for example /api/ping?deep=1",
    holds: isRequestPath,
  })
    .default("/")
    .describe("Path and query to ask for."),
  port: containerPort
    .optional()
    .describe(
      "Name or number of the container port. Defaults to the port of the readiness probe, or the first port that the containers declare.",
    ),
  scheme: z
    .enum(["HTTP", "HTTPS"])
    .default("HTTP")
    .describe("HTTPS: the certificate is verified only with serverName."),
  serverName: hostName
    .optional()
    .describe("Name that the certificate must be for. Without it, certificates are not verified."),
  method: z.enum(["GET", "HEAD"]).default("GET").describe("Method of the request."),
  host: hostName.optional().describe("Host header. Pods are asked by their addresses all the same."),
  headers: z
    .array(
      z.object({
        name: headerName.describe("Name of the header."),
        value: headerValue.describe("Value of the header. Everyone who can read the guard can read it."),
      }),
    )
    .max(8)
    .meta({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"] })
    .optional()
    .describe("Headers of the request."),
  expect: z
    .object({
      status: intOrString({
        pattern: STATUS_PATTERN,
        message: "must be a status or a range of them, for example 200-399",
      })
        .default("200-399")
        .describe("Status or range of statuses that counts as success."),
      body: z
        .string()
        .min(1)
        .max(512)
        .optional()
        .describe(
          "Regular expression (RE2) that must match the first 64 KiB of the body. The body is not kept.",
        ),
    })
    .prefault({})
    .describe("What counts as a good answer."),
  timeout: boundedDuration({
    says: "How long to wait for the whole answer.",
    byDefault: "2s",
    from: "100ms",
    to: "30s",
  }),
  slowerThan: boundedDuration({
    says: "An answer that takes longer is slow. Slow answers are a failure if the pods of the good revision are not about as slow.",
    byDefault: "1s",
    from: "10ms",
    to: "30s",
  }),
  interval: sampleInterval("10s"),
  for: boundedDuration({
    says: "How long the check must fail.",
    byDefault: "20s",
    from: "0s",
    to: "1h",
  }),
  initialDelay: initialDelay("10s"),
  mode: checkMode,
});

/** One HTTP check. */
export const httpCheckSchema = withRule(fields, {
  rule: "self.method != 'HEAD' || !has(self.expect.body)",
  message: "must have method: GET to expect a body, because the answer to HEAD has none",
  holds: ({ method, expect }) => method !== "HEAD" || expect.body === undefined,
});

export type HttpCheck = z.infer<typeof httpCheckSchema>;
