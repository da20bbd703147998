// The network between one operator's process and the API server: a proxy on 127.0.0.1 that can freeze, lag and break.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import type { Network } from "../stage.ts";

interface Held {
  readonly socket: Socket;
  readonly data: Buffer;
}

export class TcpWire implements Network {
  readonly #targetPort: number;
  readonly #timeScale: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #ownPorts = new Set<number>();
  #held: Held[] | undefined;
  #latency: readonly [number, number] | undefined;
  #isRefusing = false;

  private constructor(target: string, timeScale: number) {
    this.#targetPort = Number(new URL(target).port);
    this.#timeScale = timeScale;
    this.#server = createServer((near) => this.#join(near));
  }

  /** Lays a wire to the server at `target`. Delays are times of the cluster, which runs `timeScale` times as fast. */
  static async lay(target: string, timeScale: number): Promise<TcpWire> {
    const wire = new TcpWire(target, timeScale);
    await once(wire.#server.listen(0, "127.0.0.1"), "listening");
    return wire;
  }

  /** What stands in place of the API server's URL for the operator. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Whether the server sees a connection of this wire under this port. */
  isOwn(remotePort: number): boolean {
    return this.#ownPorts.has(remotePort);
  }

  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  setRefusing(isRefusing: boolean): void {
    this.#isRefusing = isRefusing;
    if (isRefusing) this.reset();
  }

  setFrozen(isFrozen: boolean): void {
    const held = this.#held;
    this.#held = isFrozen ? (held ?? []) : undefined;
    if (!isFrozen) for (const { socket, data } of held ?? []) if (!socket.destroyed) socket.write(data);
  }

  setLatency(latency?: readonly [number, number]): void {
    this.#latency = latency;
  }

  close(): void {
    this.#server.close();
    this.reset();
  }

  #join(near: Socket): void {
    if (this.#isRefusing) {
      near.resetAndDestroy();
      return;
    }
    const far = connect(this.#targetPort, "127.0.0.1");
    far.once("connect", () => this.#ownPorts.add(far.localPort ?? 0));
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      socket.on("data", (data: Buffer) => this.#pass(data, other));
      socket.on("error", () => other.destroy());
      socket.on("end", () => other.end());
      socket.on("close", () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
  }

  #pass(data: Buffer, socket: Socket): void {
    const send = (): void => {
      if (this.#held !== undefined) this.#held.push({ socket, data });
      else if (!socket.destroyed) socket.write(data);
    };
    if (this.#latency === undefined) {
      send();
      return;
    }
    // The same delay for all, so that nothing overtakes what was sent before it.
    setTimeout(send, this.#latency[1] / 2 / this.#timeScale);
  }
}
