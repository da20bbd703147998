// The port and the connections of the server: HTTP/1.1, or TLS with HTTP/2 where the client can.
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import {
  constants,
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { certificate } from "./certificate.ts";
import { type ConnectToPod, tunnelToPod } from "./pod-tunnel.ts";

/** As many requests at a time a kube-apiserver allows on one connection. */
const STREAMS_PER_CONNECTION = 100;
/** Watches of many events may have much to send at a time (MB). */
const SESSION_MEMORY = 256;
/** How often, and after what time (real ms), a port is tried again that is not free yet. */
const LISTEN_TRIES = 100;
const LISTEN_AGAIN_MS = 20;
/** Longer than a client waits before it uses a connection again (real ms). */
const KEEP_ALIVE_MS = 120_000;

export class Connections {
  readonly #server: Server | Http2SecureServer;
  readonly #sockets = new Set<Duplex>();
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #scheme: "http" | "https";
  #peak = 0;
  #port: number | undefined;
  #isDown = false;

  constructor(listener: RequestListener, { tls }: { readonly tls: boolean }) {
    this.#scheme = tls ? "https" : "http";
    this.#server = tls ? secureServer(listener) : createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, listener);
    this.#server.on("connection", (socket: Socket) => this.#track(socket));
    this.#server.on("session", (session: ServerHttp2Session) => {
      this.#sessions.add(session);
      session.once("close", () => this.#sessions.delete(session));
      // A client that breaks its connection is no fault of the server.
      session.on("error", () => undefined);
    });
    // So is one that cannot agree on TLS.
    this.#server.on("tlsClientError", (_error: Error, socket: Socket) => socket.destroy());
  }

  get open(): number {
    return this.#sockets.size;
  }

  /** The most sockets that were open at once, since the start or the last reset. */
  get peak(): number {
    return this.#peak;
  }

  resetPeak(): void {
    this.#peak = this.#sockets.size;
  }

  /** Listens on 127.0.0.1; returns the URL. */
  async listen(port: number): Promise<string> {
    await this.#bind(port);
    this.#port = (this.#server.address() as AddressInfo).port;
    return `${this.#scheme}://127.0.0.1:${this.#port}`;
  }

  /** Serves a connection that came another way than through the port; closes it while the server is down. */
  accept(connection: Duplex): void {
    if (this.#isDown) connection.destroy();
    else this.#server.emit("connection", connection);
  }

  /** Leads CONNECT requests to pods. */
  leadToPods(connect: ConnectToPod): void {
    this.#server.on("connect", (request: IncomingMessage, socket: Duplex) =>
      tunnelToPod(request, socket, connect),
    );
  }

  /** Says to HTTP/2 clients that no new request is taken (GOAWAY); what runs goes on. */
  goAway(): void {
    for (const session of this.#sessions) session.close();
  }

  /** Closes the port and every connection. */
  async down(): Promise<void> {
    this.#isDown = true;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    if (this.#port !== undefined) await closed;
  }

  /** Opens the same port again. */
  async up(): Promise<void> {
    if (this.#port !== undefined) await this.#bindAgain(this.#port);
    this.#isDown = false;
  }

  #track(socket: Duplex): void {
    this.#sockets.add(socket);
    this.#peak = Math.max(this.#peak, this.#sockets.size);
    socket.on("error", () => undefined);
    socket.once("close", () => this.#sockets.delete(socket));
  }

  async #bind(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, "127.0.0.1", () => {
        this.#server.off("error", reject);
        resolve();
      });
    });
  }

  /** Another process may hold the port for a moment. */
  async #bindAgain(port: number): Promise<void> {
    for (let left = LISTEN_TRIES; ; left--) {
      try {
        return await this.#bind(port);
      } catch (error) {
        if (left === 0 || (error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
        await new Promise((resolve) => setTimeout(resolve, LISTEN_AGAIN_MS));
      }
    }
  }
}

/** Breaks the connection at once, as a lost network does; with HTTP/2 everything that runs on it. */
export function breakConnection(response: ServerResponse): void {
  const stream = http2Stream(response);
  if (stream === undefined) response.destroy();
  else stream.session?.destroy();
}

/** Breaks this answer only, where the protocol can (RST_STREAM). */
export function resetAnswer(response: ServerResponse): void {
  const stream = http2Stream(response);
  if (stream === undefined) response.destroy();
  else stream.close(constants.NGHTTP2_INTERNAL_ERROR);
}

/** Whether nothing can be sent any more. */
export function isGone(response: ServerResponse): boolean {
  const stream = http2Stream(response);
  return response.writableEnded || (stream === undefined ? response.destroyed : stream.destroyed);
}

/** How many bytes wait for the client to read them. */
export function backlogOf(response: ServerResponse): number {
  return http2Stream(response)?.writableLength ?? response.writableLength;
}

function secureServer(listener: RequestListener): Http2SecureServer {
  const options = {
    ...certificate(),
    allowHTTP1: true,
    maxSessionMemory: SESSION_MEMORY,
    settings: { maxConcurrentStreams: STREAMS_PER_CONNECTION },
  };
  // Answers of HTTP/2 have the same methods (Node's compatibility API).
  return createSecureServer(options, listener as unknown as Parameters<typeof createSecureServer>[1]);
}

function http2Stream(response: ServerResponse): Http2ServerResponse["stream"] | undefined {
  return (response as Partial<Pick<Http2ServerResponse, "stream">>).stream;
}
