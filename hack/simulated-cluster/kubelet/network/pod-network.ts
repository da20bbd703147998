// The network of pods: connections to the applications in containers, over HTTP as they talk it. No port of the machine is used.
import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import { type Duplex, duplexPair } from "node:stream";
import { createSecureContext, TLSSocket } from "node:tls";
import { certificate } from "../../api-server/certificate.ts";
import type { SimulatedTime } from "../../simulated-time.ts";
import { type Application, isUnhealthyAt } from "../application.ts";
import { isErrorAt, isUserPath, latencyAt, metricsOf } from "../user-traffic.ts";

/** A process in a container that runs. */
export interface RunningApplication {
  readonly application: Application;
  /** Since its start; negative while it waits for something before it listens. */
  runningMs(): number;
  isStandby(): boolean;
  /** Requests of users that it has answered. */
  answered: number;
}

/** Why there is no connection: nothing listens on the port, or nobody has the address. */
export type ConnectionRefusal = "refused" | "unreachable";

export class PodNetwork {
  readonly #time: SimulatedTime;
  readonly #applicationsAt: (address: string) => readonly RunningApplication[] | undefined;
  readonly #targets = new WeakMap<object, RunningApplication>();
  readonly #server = createServer((request, response) => this.#answer(request, response));

  /** `applicationsAt`: what runs in the pod with that address; undefined where there is none. */
  constructor(
    time: SimulatedTime,
    applicationsAt: (address: string) => readonly RunningApplication[] | undefined,
  ) {
    this.#time = time;
    this.#applicationsAt = applicationsAt;
  }

  /** The client's end of a new connection, or why there is none. */
  connect(address: string, port: number): Duplex | ConnectionRefusal {
    const running = this.#applicationsAt(address);
    if (running === undefined) return "unreachable";
    const target = running.find((one) => {
      return one.application.port === port && one.runningMs() >= one.application.listensAfterMs;
    });
    if (target === undefined) return "refused";
    const [client, server] = duplexPair();
    server.on("error", () => undefined);
    const connection = target.application.isTls ? secured(server) : server;
    this.#targets.set(connection, target);
    this.#server.emit("connection", connection);
    return client;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const target = this.#targets.get(request.socket);
    if (target === undefined) {
      response.destroy();
      return;
    }
    const { application, answered } = target;
    const { users, answerMs, healthStatus, listensAfterMs } = application;
    const runningMs = target.runningMs();
    const path = request.url ?? "/";
    if (path.split("?", 1)[0] === "/metrics") {
      const text = metricsOf(users, runningMs - listensAfterMs, healthStatus);
      response.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end(text);
      return;
    }
    const isUsers = isUserPath(path);
    const isError =
      isUnhealthyAt(application, runningMs) || (isUsers && isErrorAt(users, answered, runningMs));
    const status = target.isStandby() ? 503 : isError ? 500 : healthStatus;
    if (isUsers) target.answered += 1;
    this.#time.after(answerMs + (isUsers ? latencyAt(users, answered) : 0), () => {
      if (response.destroyed) return;
      const body = (status < 400 ? users.body : undefined) ?? `${STATUS_CODES[status]}\n`;
      response.writeHead(status, { "content-type": "text/plain" }).end(body);
    });
  }
}

function secured(connection: Duplex): TLSSocket {
  const socket = new TLSSocket(connection as ConstructorParameters<typeof TLSSocket>[0], {
    isServer: true,
    secureContext: createSecureContext(certificate()),
  });
  socket.on("error", () => undefined);
  return socket;
}
