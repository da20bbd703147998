// What a guard can have the operator send to a pod: a path, a method, a Host header, and a few harmless headers.

export interface PodRequest {
  readonly scheme: "HTTP" | "HTTPS";
  readonly method: "GET" | "HEAD";
  /** Path and query. */
  readonly path: string;
  /** The Host header. Default: address and port. */
  readonly host?: string | undefined;
  /** The name that the certificate must have. Without it, no certificate is verified. */
  readonly serverName?: string | undefined;
  readonly headers?: readonly { readonly name: string; readonly value: string }[] | undefined;
  /** For all of it, from connecting to the end of the answer. */
  readonly timeoutMs: number;
}

const LONGEST_PATH = 512;
const MOST_HEADERS = 8;
const LONGEST_VALUE = 256;

/** Visible ASCII but `#` and `\`: nothing that ends a line or a path, and nothing that Node.js would escape. */
const PATH = /^\/(?!\/)[!"$-[\]-~]*$/;
/** A segment of one or two dots, also if it is escaped. */
const DOT_SEGMENT = /(?:^|\/)(?:\.|%2e){1,2}(?=\/|$)/i;
const HOST = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::\d{1,5})?$/i;
const TOKEN = /^[a-z0-9][a-z0-9-]{0,63}$/i;
const VALUE = /^[\t\x20-\x7e]*$/;

/**
 * Credentials, and what decides how a server, a proxy or a cloud's metadata service reads a request: its length, its
 * sender, its target, its right to ask.
 */
const FORBIDDEN_HEADERS: readonly RegExp[] = [
  /^(?:authorization|cookie2?|host|connection|keep-alive|te|trailer|transfer-encoding|content-.*|upgrade.*|expect)$/i,
  /^(?:forwarded|via|x-forwarded.*|x-real-ip|x-original-.*|x-rewrite-.*|x-http-method.*|x-method-override)$/i,
  /^(?:proxy-.*|http2-settings|sec-.*|x-remote-.*|impersonate-.*|x-auth.*|x-api-key|x-csrf.*|x-xsrf.*)$/i,
  /^(?:metadata.*|x-aws-.*|x-google-.*|x-goog-.*|x-ms-.*|x-identity-header)$/i,
];

/** Why the operator does not send that request; undefined: it can. */
export function requestProblem(request: PodRequest): string | undefined {
  const { path, method, scheme, host, serverName, headers = [] } = request;
  const [pathOnly = ""] = path.split("?", 1);
  if (method !== "GET" && method !== "HEAD") return "the method must be GET or HEAD";
  if (scheme !== "HTTP" && scheme !== "HTTPS") return "the scheme must be HTTP or HTTPS";
  if (path.length > LONGEST_PATH) return `the path is longer than ${LONGEST_PATH} characters`;
  if (!PATH.test(path)) return "the path must begin with one / and have visible ASCII characters only";
  if (DOT_SEGMENT.test(pathOnly)) return "the path must not have segments of dots";
  if (host !== undefined && !HOST.test(host)) return "the host must be a name, with or without a port";
  if (serverName !== undefined && !HOST.test(serverName)) return "the serverName must be a name";
  if (headers.length > MOST_HEADERS) return `more than ${MOST_HEADERS} headers`;
  return headers.map(headerProblem).find((problem) => problem !== undefined);
}

function headerProblem({
  name,
  value,
}: {
  readonly name: string;
  readonly value: string;
}): string | undefined {
  // The name is quoted only once it is known to be one.
  if (!TOKEN.test(name)) return "the name of a header must have letters, digits and - only";
  if (FORBIDDEN_HEADERS.some((pattern) => pattern.test(name))) return `the header ${name} is not allowed`;
  if (value.length > LONGEST_VALUE) return `the header ${name} is longer than ${LONGEST_VALUE} characters`;
  return VALUE.test(value) ? undefined : `the header ${name} must have visible ASCII characters only`;
}
