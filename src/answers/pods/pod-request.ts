// What a guard can have the operator send to a pod: a path, a method, a Host header, and a few harmless headers.
import { isFreeHeader, isRequestPath } from "../../api/http-check.ts";

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

const HOST = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::\d{1,5})?$/i;
const NAME = /^[a-z0-9-]{1,63}$/i;
const VALUE = /^[\t\x20-\x7e]*$/;

/** Why the operator does not send that request; undefined: it can. */
export function requestProblem(request: PodRequest): string | undefined {
  const { path, method, scheme, host, serverName, headers = [] } = request;
  if (method !== "GET" && method !== "HEAD") return "the method must be GET or HEAD";
  if (scheme !== "HTTP" && scheme !== "HTTPS") return "the scheme must be HTTP or HTTPS";
  if (path.length > LONGEST_PATH) return `the path is longer than ${LONGEST_PATH} characters`;
  if (!isRequestPath(path)) return "the path must begin with one / and must not leave the application's root";
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
  if (!NAME.test(name)) return "the name of a header must have letters, digits and - only";
  // Quoted only once it is known to be a name.
  if (!isFreeHeader(name)) return `the header ${name} is not allowed`;
  if (value.length > LONGEST_VALUE) return `the header ${name} is longer than ${LONGEST_VALUE} characters`;
  return VALUE.test(value) ? undefined : `the header ${name} must have visible ASCII characters only`;
}
