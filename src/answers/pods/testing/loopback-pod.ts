// A pod for tests: a server on the loopback address that sends the bytes that a test wants.
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createSecureServer } from "node:tls";
import { LOCALHOST_CERTIFICATE, LOCALHOST_KEY } from "../../../kube/testing/localhost-certificate.ts";

export interface LoopbackPod {
  readonly address: string;
  readonly port: number;
  /** The head of each request as it came, one for each connection that sent any. */
  readonly requests: readonly string[];
  /** How many connections were opened so far. */
  connections(): number;
  /** Resolves when all connections have been closed. */
  closed(): Promise<void>;
  stop(): Promise<void>;
}

/** What it does with a connection whose request has come. */
export type Conduct = (socket: Socket, head: string) => void;

/** An answer with its length. */
export function answering(status: string, body = "", headers = ""): Conduct {
  return (socket) =>
    void socket.end(
      `HTTP/1.1 ${status}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`,
    );
}

/** Starts it; `tls`: with the certificate of the tests. */
export async function startLoopbackPod(
  conduct: Conduct,
  { tls = false, address = "127.0.0.1" } = {},
): Promise<LoopbackPod> {
  const requests: string[] = [];
  const open = new Set<Socket>();
  let connections = 0;
  const serve = (socket: Socket) => {
    socket.on("error", () => {});
    let head = "";
    socket.on("data", (bytes) => {
      const wasComplete = head.includes("\r\n\r\n");
      head += bytes.toString("latin1");
      if (wasComplete || !head.includes("\r\n\r\n")) return;
      requests.push(head);
      conduct(socket, head);
    });
  };
  const server: Server = tls
    ? createSecureServer({ cert: LOCALHOST_CERTIFICATE, key: LOCALHOST_KEY }, serve)
    : createServer(serve);
  server.on("connection", (socket: Socket) => {
    connections += 1;
    open.add(socket);
    socket.once("close", () => void open.delete(socket));
  });
  server.on("tlsClientError", () => {});
  server.listen(0, address);
  await once(server, "listening");
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("the server has no port");
  return {
    address,
    port: bound.port,
    requests,
    connections: () => connections,
    closed: async () => {
      // Not by `once`, which rejects for the errors that connections end with here.
      await Promise.all([...open].map((socket) => new Promise((resolve) => socket.once("close", resolve))));
    },
    stop: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
