// What came over the wire, in the API's terms.
import type { IncomingMessage } from "node:http";
import { type ApiRequest, parseTarget, verbOf } from "../../api-request.ts";
import { bodyText } from "./request-body.ts";

/** Reads the whole request. Rejects when the client goes before that. */
export async function readRequest(incoming: IncomingMessage): Promise<ApiRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { pathname, searchParams } = new URL(incoming.url ?? "/", "http://localhost");
  const method = incoming.method ?? "GET";
  const target = parseTarget(pathname);
  const contentType = (incoming.headers["content-type"] ?? "").split(";")[0]?.trim() ?? "";
  return {
    method,
    path: pathname,
    query: searchParams,
    target,
    verb: verbOf(method, target, searchParams),
    userAgent: incoming.headers["user-agent"] ?? "",
    contentType,
    remotePort: incoming.socket.remotePort ?? 0,
    accept: incoming.headers.accept ?? "",
    body: bodyText(contentType, Buffer.concat(chunks)),
  };
}
