// The network between one operator and the API server, in memory: connections with latency that can be frozen and cut.
import { Duplex } from "node:stream";
import type { Random } from "@rolloutguard/simulated-cluster/random";
import type { Connector } from "../../../src/kube/connection/connection.ts";

/** How long a piece of data is under way (ms). */
const ORDINARY_LATENCY = [0.2, 1.5] as const;
const CONNECT_TIMEOUT_MS = 10_000;

export interface WireOptions {
  /** Takes the server's end of each new connection. */
  readonly accept: (end: Duplex) => void;
  /** The client's port, by which the server knows its connections. */
  readonly port: number;
  readonly random: Random;
}

/** One operator's way to the API server, whichever process is at its end at the time. */
export class Wire {
  readonly #options: WireOptions;
  readonly #connections = new Set<Connection>();
  #latency: readonly [number, number] = ORDINARY_LATENCY;
  #isFrozen = false;
  #isRefusing = false;

  constructor(options: WireOptions) {
    this.#options = options;
  }

  /** For a process that starts: how it connects, until it is unplugged. */
  plugIn(): Plug {
    let isPlugged = true;
    const connect: Connector = (_options, callback) => {
      setTimeout(() => {
        if (!isPlugged || this.#isRefusing) return callback(broken("ECONNREFUSED"), null);
        if (this.#isFrozen) {
          setTimeout(() => callback(broken("ETIMEDOUT"), null), CONNECT_TIMEOUT_MS);
          return;
        }
        // Undici uses of a socket only what this end has.
        callback(null, this.#open().near as never);
      }, this.#delayMs());
    };
    const unplug = (): void => {
      isPlugged = false;
      this.reset();
    };
    return { connect, unplug };
  }

  /** Ends every connection at this moment; new ones are possible. */
  reset(): void {
    for (const connection of this.#connections) connection.break();
    this.#connections.clear();
  }

  /** As an API server that is away: what is open breaks, and nobody gets through until it is back. */
  setRefusing(isRefusing: boolean): void {
    this.#isRefusing = isRefusing;
    if (isRefusing) this.reset();
  }

  /** Nothing arrives any more, on neither side, and nobody is told; what was sent meanwhile arrives afterwards. */
  setFrozen(isFrozen: boolean): void {
    this.#isFrozen = isFrozen;
    for (const connection of this.#connections) connection.setFrozen(isFrozen);
  }

  /** How long data is under way from now on; without a range as usual. */
  setLatency(latency: readonly [number, number] = ORDINARY_LATENCY): void {
    this.#latency = latency;
  }

  #open(): Connection {
    const connection = new Connection(() => this.#delayMs());
    connection.far.remotePort = this.#options.port;
    this.#connections.add(connection);
    connection.far.once("close", () => this.#connections.delete(connection));
    this.#options.accept(connection.far);
    return connection;
  }

  #delayMs(): number {
    return this.#options.random.between(...this.#latency);
  }
}

/** One process's end of the wire. */
export interface Plug {
  readonly connect: Connector;
  /** Ends its connections at this moment, on both ends, and gives it no new ones. */
  unplug(): void;
}

/** The two ends of a connection, and the data between them. */
class Connection {
  readonly near: End;
  readonly far: End;

  constructor(delayMs: () => number) {
    this.near = new End(delayMs);
    this.far = new End(delayMs);
    this.near.peer = this.far;
    this.far.peer = this.near;
  }

  break(): void {
    for (const end of [this.near, this.far]) end.destroy(broken("ECONNRESET"));
  }

  setFrozen(isFrozen: boolean): void {
    for (const end of [this.near, this.far]) end.setFrozen(isFrozen);
  }
}

/** What an end sends: data, its end, or that it has gone. */
type Parcel = { readonly chunks: readonly Buffer[] } | "end" | "gone";

/** One end: what is written here arrives at the other one after a while, in order. */
class End extends Duplex {
  peer: End | undefined;
  remotePort = 0;
  readonly #delayMs: () => number;
  #isFrozen = false;
  readonly #held: (() => void)[] = [];

  constructor(delayMs: () => number) {
    super({ allowHalfOpen: true });
    this.#delayMs = delayMs;
    // An end that nobody listens to may break too.
    this.on("error", () => {});
  }

  setFrozen(isFrozen: boolean): void {
    this.#isFrozen = isFrozen;
    if (!isFrozen) for (const send of this.#held.splice(0)) send();
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#send({ chunks: [chunk] }, done);
  }

  override _writev(parts: readonly { readonly chunk: Buffer }[], done: () => void): void {
    this.#send({ chunks: parts.map(({ chunk }) => chunk) }, done);
  }

  override _final(done: () => void): void {
    this.#send("end", done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#send("gone", () => {});
    done(error);
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  #send(parcel: Parcel, done: () => void): void {
    const send = (): void => {
      setTimeout(() => {
        if (this.#isFrozen) {
          this.#held.push(send);
          return;
        }
        this.peer?.arrive(parcel);
        done();
      }, this.#delayMs());
    };
    send();
  }

  arrive(parcel: Parcel): void {
    if (this.destroyed) return;
    if (parcel === "gone") this.destroy(broken("ECONNRESET"));
    else if (parcel === "end") this.push(null);
    else for (const chunk of parcel.chunks) this.push(chunk);
  }
}

function broken(code: string): Error {
  return Object.assign(new Error(`${code} on the wire`), { code });
}
