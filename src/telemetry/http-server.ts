// The operator's HTTP side: /metrics for Prometheus, /healthz and /readyz for the kubelet.
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Metrics } from "./metrics.ts";

export interface HttpServerOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly metrics: Pick<Metrics, "render">;
  /** Whether the operator makes progress; a sentence says what does not. */
  readonly isAlive: () => true | string;
  /** Whether the operator may be relied on; a sentence says what is missing. */
  readonly isReady: () => true | string;
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

/** Starts the server and resolves when it listens. Rejects with what to do when the address cannot be had. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const limits = {
    maxHeaderSize: MOST_HEADER_BYTES,
    headersTimeout: HEAD_MS,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: IDLE_MS,
    connectionsCheckingInterval: CHECK_MS,
  };
  const server = createServer(limits, (request, response) => {
    const path = request.url?.split("?", 1)[0] ?? "/";
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.setHeader("allow", "GET, HEAD");
      sendError(response, 405, `${request.method} is not allowed here; use GET`);
    } else if (path === "/healthz") sendVerdict(response, options.isAlive);
    else if (path === "/readyz") sendVerdict(response, options.isReady);
    else if (path === "/metrics") void sendMetrics(response, options.metrics);
    else sendError(response, 404, `nothing is served at ${path}; try /metrics, /healthz or /readyz`);
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.maxHeadersCount = MOST_HEADERS;
  // Also of a connection that has not said anything yet, of which the other limits know nothing.
  server.timeout = SILENT_MS;
  server.listen(options.port, options.host);
  try {
    await once(server, "listening");
  } catch (error) {
    const address = `${options.host}:${options.port}`;
    throw new Error(`cannot listen on ${address}; choose another --metrics-address, or 0 for none`, {
      cause: error,
    });
  }
  const { address, family, port } = server.address() as AddressInfo;
  return {
    url: `http://${family === "IPv6" ? `[${address}]` : address}:${port}`,
    stop: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function sendVerdict(response: ServerResponse, ask: () => true | string): void {
  const verdict = ask();
  send(
    response,
    verdict === true ? 200 : 503,
    "text/plain; charset=utf-8",
    `${verdict === true ? "ok" : verdict}\n`,
  );
}

async function sendMetrics(response: ServerResponse, metrics: Pick<Metrics, "render">): Promise<void> {
  try {
    const { contentType, body } = await metrics.render();
    send(response, 200, contentType, body);
  } catch (error) {
    sendError(
      response,
      500,
      `the metrics cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function sendError(response: ServerResponse, status: number, error: string): void {
  send(response, status, "application/json", `${JSON.stringify({ error })}\n`);
}

function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { "content-type": contentType, "cache-control": "no-store" }).end(body);
}
