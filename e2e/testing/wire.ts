// The network between one operator and the API server, so that a test can cut it as a crash or a lost node does.

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface Wire {
  /** What stands in place of the API server's URL for the operator. */
  readonly url: string;
  /** Whether a request that comes to the server from this port came through the wire. */
  carried(remotePort: number): boolean;
  /** Ends every connection at this moment and refuses new ones for good. */
  cut(): void;
}

/** Lays a wire on 127.0.0.1 to the server at `target`. */
export async function layWire(target: string): Promise<Wire> {
  const { port: targetPort, protocol } = new URL(target);
  const sockets = new Set<Socket>();
  const farPorts = new Set<number>();
  const server = createServer((near) => {
    const far = connect(Number(targetPort), "127.0.0.1");
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
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `${protocol}//127.0.0.1:${(server.address() as AddressInfo).port}`,
    carried: (remotePort) => farPorts.has(remotePort),
    cut() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
