// The network between a client and a server, so that a test can cut it as a crash or a lost node does.

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface Wire {
  /** What stands in place of the server's URL for the client. */
  readonly url: string;
  /** Whether a request that comes to the server from this port came through the wire. */
  carried(remotePort: number): boolean;
  /** Ends every connection at this moment and refuses new ones for good. */
  cut(): void;
}

/** Lays a wire to the server at `target`, on the same host; by default on any free port of 127.0.0.1. */
export async function layWire(target: string, { host = "127.0.0.1", port = 0 } = {}): Promise<Wire> {
  const { port: targetPort, protocol } = new URL(target);
  const sockets = new Set<Socket>();
  const farPorts = new Set<number>();
  const server = createServer((near) => {
    const far = connect(Number(targetPort), host);
    far.on("connect", () => farPorts.add(far.localPort ?? 0));
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  await once(server.listen(port, host), "listening");
  return {
    url: `${protocol}//${host}:${(server.address() as AddressInfo).port}`,
    carried: (remotePort) => farPorts.has(remotePort),
    cut() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
