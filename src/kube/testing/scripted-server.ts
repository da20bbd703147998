// For tests: an API server whose every answer the test writes, over HTTP/1.1 or over TLS with HTTP/2; it counts sockets.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import {
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import { LOCALHOST_CERTIFICATE, LOCALHOST_KEY } from "./localhost-certificate.ts";

export interface ScriptedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  /** Names and values in turn, as they were sent. */
  readonly rawHeaders: readonly string[];
  /** The body as JSON; undefined without one. */
  readonly body: unknown;
}

/** The answer to one request, piece by piece. */
export interface ScriptedAnswer {
  json(status: number, body: unknown, headers?: Readonly<Record<string, string>>): void;
  /** Sends the head of a watch that the server keeps open. */
  open(): void;
  /** Sends text as it is. */
  text(text: string): void;
  /** Sends one watch event. */
  event(type: string, object: unknown): void;
  /** Ends the answer as it should. */
  end(): void;
  /** Breaks the connection. */
  reset(): void;
  /** Whether the client has gone away, or the answer was ended. */
  readonly isOver: boolean;
}

export type Script = (request: ScriptedRequest, answer: ScriptedAnswer) => void;

export interface ScriptedServer {
  readonly url: string;
  readonly requests: readonly ScriptedRequest[];
  /** Sockets that are open now, and the most that ever were at a time. */
  openSockets(): number;
  mostSockets(): number;
  /** A configuration that leads here. */
  kubeConfig(user?: Readonly<Record<string, unknown>>): KubeConfig;
  stop(): Promise<void>;
}

export async function startScriptedServer(
  script: Script,
  { protocol = "http/1.1" }: { readonly protocol?: "http/1.1" | "h2" | undefined } = {},
): Promise<ScriptedServer> {
  const requests: ScriptedRequest[] = [];
  const sockets = new Set<Socket>();
  let most = 0;

  const handle = async (message: IncomingMessage | Http2ServerRequest, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(Buffer.from(chunk));
    const url = new URL(message.url ?? "/", "http://scripted");
    const text = Buffer.concat(chunks).toString();
    const request: ScriptedRequest = {
      method: message.method ?? "",
      path: url.pathname,
      query: url.searchParams,
      headers: message.headers,
      rawHeaders: message.rawHeaders,
      body: text === "" ? undefined : JSON.parse(text),
    };
    requests.push(request);
    // No Date unless the script sends one: it would teach a clock that runs faster on purpose.
    response.sendDate = false;
    script(request, answerTo(response, message));
  };
  const listener = (
    message: IncomingMessage | Http2ServerRequest,
    answer: ServerResponse | Http2ServerResponse,
  ) => {
    // HTTP/2 answers have the same methods (Node's compatibility API); TypeScript cannot call their union.
    const response = answer as ServerResponse;
    // A client that goes away in the middle of its request is part of the game.
    handle(message, response).catch(() => response.destroy());
  };
  const server: Server | Http2SecureServer =
    protocol === "h2"
      ? // As API servers do, for clients that speak no HTTP/2.
        createSecureServer({ cert: LOCALHOST_CERTIFICATE, key: LOCALHOST_KEY, allowHTTP1: true }, listener)
      : createServer(listener);
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    most = Math.max(most, sockets.size);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const url = `${protocol === "h2" ? "https" : "http"}://127.0.0.1:${port}`;

  return {
    url,
    requests,
    openSockets: () => sockets.size,
    mostSockets: () => most,
    kubeConfig(user = {}) {
      const config = new KubeConfig();
      const caData = Buffer.from(LOCALHOST_CERTIFICATE).toString("base64");
      const tls = protocol === "h2" ? { caData } : {};
      config.loadFromClusterAndUser(
        { name: "scripted", server: url, skipTLSVerify: false, ...tls },
        { name: "tester", ...user },
      );
      return config;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function answerTo(response: ServerResponse, message: IncomingMessage | Http2ServerRequest): ScriptedAnswer {
  const json = { "content-type": "application/json" };
  const write = (text: string) => {
    if (!response.headersSent) response.writeHead(200, json);
    response.write(text);
  };
  return {
    json(status, body, headers = {}) {
      response.writeHead(status, { ...json, ...headers });
      response.end(JSON.stringify(body));
    },
    open() {
      response.writeHead(200, json);
      response.flushHeaders();
    },
    text: write,
    event: (type, object) => write(`${JSON.stringify({ type, object })}\n`),
    end: () => void response.end(),
    reset: () => {
      if ("stream" in message) message.stream.session?.destroy(new Error("reset"));
      else message.socket.destroy();
    },
    get isOver() {
      return response.writableEnded || response.destroyed || response.socket?.destroyed !== false;
    },
  };
}

/** A Status as the API server sends it with a refusal. */
export function statusBody(code: number, reason: string, message: string, details: object = {}): object {
  return { kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message, details };
}

/** Waits until `probe` holds; fails with `what` when any machine would have come so far. */
export async function eventually(what: string, probe: () => boolean): Promise<void> {
  const endsAt = performance.now() + 60_000;
  while (!probe()) {
    if (performance.now() > endsAt) throw new Error(`it never came to be that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
