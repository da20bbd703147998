// The connections to pods: one for each request, to an address that was checked before, without names and redirects.
import { request } from "node:http";
import { connect, isIPv6 } from "node:net";
import type { Duplex } from "node:stream";

/** Where a request goes. */
export interface PodPort {
  /** An IP address. */
  readonly address: string;
  readonly port: number;
}

/** Opens one connection. Rejects with the error of the network; ends the attempt when the signal aborts. */
export type Dial = (target: PodPort, signal: AbortSignal) => Promise<Duplex>;

/** Straight to the pod, whatever proxies the environment names. */
export const dialDirectly: Dial = ({ address, port }, signal) =>
  new Promise((resolve, reject) => {
    const socket = connect({
      host: address,
      port,
      lookup: neverLookUp,
      autoSelectFamily: false,
      noDelay: true,
    });
    endOnAbort(socket, signal);
    socket.once("connect", () => resolve(socket));
    // It stays: what goes wrong later is reported by whoever reads the socket.
    socket.on("error", reject);
    if (signal.aborted) socket.destroy(signal.reason as Error);
  });

/**
 * Through an HTTP proxy that takes CONNECT, for an operator that runs outside the cluster's network.
 */
export function dialThrough(proxy: URL): Dial {
  return ({ address, port }, signal) =>
    new Promise((resolve, reject) => {
      const target = hostAndPort({ address, port });
      const asking = request({
        host: proxy.hostname.replace(/^\[|\]$/g, ""),
        port: proxy.port || 80,
        method: "CONNECT",
        path: target,
        headers: { host: target },
        setHost: false,
        agent: false,
        signal,
      });
      asking.once("connect", (answer, socket, head) => {
        if (answer.statusCode !== 200) {
          socket.destroy();
          reject(proxyError(answer.statusCode));
          return;
        }
        if (head.length > 0) socket.unshift(head);
        endOnAbort(socket, signal);
        socket.on("error", () => {});
        resolve(socket);
      });
      asking.once("response", (answer) => {
        answer.destroy();
        reject(proxyError(answer.statusCode));
      });
      asking.on("error", reject);
      asking.end();
    });
}

/** What a proxy says when it reaches nobody, as the network would say it. */
function proxyError(status: number | undefined): Error {
  const code = status === 504 ? "ETIMEDOUT" : "ECONNREFUSED";
  return Object.assign(new Error(`the proxy answered ${status}`), { code });
}

function neverLookUp(name: string): never {
  throw new Error(`${name} is not an IP address`);
}

/** "10.0.0.1:80" or "[fd00::1]:80". */
export function hostAndPort({ address, port }: PodPort): string {
  return `${isIPv6(address) ? `[${address}]` : address}:${port}`;
}

/** Ends the socket when the signal aborts, with its reason. */
function endOnAbort(socket: Duplex, signal: AbortSignal): void {
  const onAbort = () => void socket.destroy(signal.reason as Error);
  signal.addEventListener("abort", onAbort, { once: true });
  socket.once("close", () => signal.removeEventListener("abort", onAbort));
}
