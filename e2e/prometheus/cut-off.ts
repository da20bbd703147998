// A way to a server that can be cut: what is behind it is gone from one moment to the next.
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export interface CutOff {
  /** Closes it for good, with all that is under way. */
  cut(): void;
}

/** Listens, and hands on to the other port of the same host. */
export async function openCutOff(host: string, port: number, behind: number): Promise<CutOff> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const onward = connect(behind, host);
    for (const one of [socket, onward]) {
      sockets.add(one);
      one.on("error", () => {});
      one.on("close", () => {
        socket.destroy();
        onward.destroy();
        sockets.delete(one);
      });
    }
    socket.pipe(onward).pipe(socket);
  });
  await once(server.listen(port, host), "listening");
  return {
    cut() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
