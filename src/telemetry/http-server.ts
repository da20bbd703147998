// A small HTTP server for Prometheus and the kubelet, in plain text or over TLS, that nobody can hold up.
import { once } from "node:events";
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Certificate } from "./certificate.ts";

/** Answers what is asked of one path. */
export type Route = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface HttpServerOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Where the address was chosen, for whoever has to choose another. */
  readonly flag: string;
  /** By path, without the query. */
  readonly routes: Readonly<Record<string, Route>>;
  /** Asked for each connection; without it the server speaks plain text. */
  readonly certificate?: (() => Certificate) | undefined;
}

export interface HttpServer {
  /** Where it listens, such as "http://127.0.0.1:8080". */
  readonly url: string;
  /** Ends open connections and frees the port. */
  stop(): Promise<void>;
}

/** Kubelets and Prometheus need a few; more at once is somebody who wants to hold the server up. */
const MOST_CONNECTIONS = 200;
const MOST_HEADER_BYTES = 8_192;
const MOST_HEADERS = 50;
/** For the head of a request, and for all of it (ms): whoever sends slower loses the connection. */
const HEAD_MS = 5_000;
const REQUEST_MS = 10_000;
/** An idle connection is kept for so long: Prometheus asks again in 15 s or more, and opens another. */
const IDLE_MS = 5_000;
const SILENT_MS = 5_000;
/** How often slow connections are looked for. */
const CHECK_MS = 1_000;

const LIMITS = {
  maxHeaderSize: MOST_HEADER_BYTES,
  headersTimeout: HEAD_MS,
  requestTimeout: REQUEST_MS,
  keepAliveTimeout: IDLE_MS,
  connectionsCheckingInterval: CHECK_MS,
};

/** Starts the server and resolves when it listens. Rejects with what to do when the address cannot be had. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { host, port, flag, routes, certificate } = options;
  const answer: RequestListener = (request, response) => void respond(routes, request, response);
  const server = certificate ? tlsServer(certificate, answer) : createHttpServer(LIMITS, answer);
  server.maxConnections = MOST_CONNECTIONS;
  server.maxHeadersCount = MOST_HEADERS;
  // Also of a connection that has not said anything yet, of which the other limits know nothing.
  server.timeout = SILENT_MS;
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    throw new Error(`cannot listen on ${host}:${port}; choose another ${flag}, or 0 for none`, {
      cause: error,
    });
  }
  return {
    url: `${certificate ? "https" : "http"}://${authority(server.address() as AddressInfo)}`,
    stop: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function authority({ address, family, port }: AddressInfo): string {
  return `${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

/** Takes another certificate without a restart: each connection begins with the present one. */
function tlsServer(certificate: () => Certificate, answer: RequestListener) {
  let present = certificate();
  const secure = ({ cert, key }: Certificate) => ({ cert, key, minVersion: "TLSv1.2" as const });
  const server = createHttpsServer({ ...LIMITS, ...secure(present), handshakeTimeout: HEAD_MS }, answer);
  // Before the listener that begins the handshake.
  server.prependListener("connection", () => {
    const next = certificate();
    if (next === present) return;
    present = next;
    server.setSecureContext(secure(present));
  });
  return server;
}

async function respond(
  routes: HttpServerOptions["routes"],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = request.url?.split("?", 1)[0] ?? "/";
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("allow", "GET, HEAD");
    sendError(response, 405, `method ${request.method} is not allowed; use GET`);
    return;
  }
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (!route) {
    sendError(response, 404, `no page at ${path}; try ${Object.keys(routes).join(", ")}`);
    return;
  }
  try {
    await route(request, response);
  } catch (error) {
    sendError(response, 500, error instanceof Error ? error.message : String(error));
  }
}

/** Sends an error as JSON. */
export function sendError(response: ServerResponse, status: number, error: string): void {
  send(response, status, "application/json", `${JSON.stringify({ error })}\n`);
}

/** Sends an answer that nobody keeps. */
export function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { "content-type": contentType, "cache-control": "no-store" }).end(body);
}
