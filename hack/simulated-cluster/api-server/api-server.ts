// The API server over HTTP: sockets, the log of requests, faults on demand, and the way from a URL to an answer.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { RequestEffect } from "../faults/fault.ts";
import { fullAnswer } from "../faults/fault-answer.ts";
import { Faults } from "../faults/faults.ts";
import type { Random } from "../random.ts";
import type { SimulatedTime } from "../simulated-time.ts";
import { accessReviewAnswer } from "./access-review.ts";
import { ApiError } from "./api-error.ts";
import type { ApiRequest } from "./api-request.ts";
import { breakConnection } from "./connections.ts";
import { discoveryAnswer } from "./discovery.ts";
import { readRequest } from "./incoming-request.ts";
import { Lists } from "./lists.ts";
import type { ApiObjects } from "./objects.ts";
import { openApiAnswer } from "./openapi.ts";
import { RequestLog } from "./request-log.ts";
import { type Answer, createResourceRequests } from "./resource-requests.ts";
import { send, sendBrokenJson, sendHalf, sendSlowly, stamp } from "./sending.ts";
import { Watches } from "./watches.ts";

export class ApiServer {
  readonly requests = new RequestLog();
  readonly faults: Faults;
  readonly watches: Watches;
  readonly lists: Lists;
  readonly #objects: ApiObjects;
  readonly #time: SimulatedTime;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #resourceRequests: ReturnType<typeof createResourceRequests>;
  #peakSockets = 0;

  constructor(parts: { objects: ApiObjects; time: SimulatedTime; random: Random; seed: number }) {
    this.#objects = parts.objects;
    this.#time = parts.time;
    this.lists = new Lists(parts.objects.store);
    this.watches = new Watches({ store: parts.objects.store, time: parts.time, random: parts.random });
    this.faults = new Faults({ time: parts.time, seed: parts.seed, watches: this.watches });
    this.#resourceRequests = createResourceRequests(parts.objects, this.lists);
    this.#server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
      this.#serve(request, response).catch((error: unknown) => this.#fail(response, error));
    });
    this.#server.on("connection", (socket) => {
      this.#sockets.add(socket);
      this.#peakSockets = Math.max(this.#peakSockets, this.#sockets.size);
      socket.once("close", () => this.#sockets.delete(socket));
    });
  }

  /** Listens on 127.0.0.1; returns the URL. */
  async listen(port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, "127.0.0.1", resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Serves a connection that came another way than through the port. */
  accept(connection: Duplex): void {
    this.#server.emit("connection", connection);
  }

  /** Closes the port and every connection. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      for (const socket of this.#sockets) socket.destroy();
    });
  }

  openSockets(): number {
    return this.#sockets.size;
  }

  /** The most sockets that were open at once, since the start or the last reset. */
  peakSockets(): number {
    return this.#peakSockets;
  }

  resetPeakSockets(): void {
    this.#peakSockets = this.#sockets.size;
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = this.#time.now();
    const request = await readRequest(incoming);
    const record = (status: number): void => {
      const { method, path, verb, userAgent, target } = request;
      const { resource = "", namespace = "", name = "", subresource = "" } = target ?? {};
      this.requests.add({
        method,
        path,
        resource,
        namespace,
        name,
        subresource,
        verb,
        status,
        userAgent,
        at,
      });
    };
    const effect = await this.faults.effectOn(request);
    if (effect !== undefined) {
      this.#serveFaulty(request, response, effect, record);
      return;
    }
    if (request.verb === "watch" && this.#watch(request, response)) return record(200);
    const answer = this.#answer(request);
    record(answer.code);
    send(response, answer, this.#time);
  }

  #serveFaulty(
    request: ApiRequest,
    response: ServerResponse,
    effect: RequestEffect,
    record: (status: number) => void,
  ): void {
    if ("answer" in effect) {
      const answer = fullAnswer(effect.answer);
      record(answer.code);
      send(response, answer, this.#time);
      return;
    }
    if (isLostBefore(effect) || request.verb === "watch") {
      record(0);
      if ("cut" in effect) breakConnection(response);
      return;
    }
    const answer = this.#answer(request);
    record(answer.code);
    if ("cut" in effect) breakConnection(response);
    else if ("slowMs" in effect) sendSlowly(response, answer, this.#time, effect.slowMs);
    else if ("spoil" in effect && effect.spoil === "json") sendBrokenJson(response, answer, this.#time);
    else if ("spoil" in effect) sendHalf(response, answer, this.#time);
  }

  /** True when the request was a watch that could begin. */
  #watch(request: ApiRequest, response: ServerResponse): boolean {
    const { target } = request;
    const resource = target && this.#objects.resources.atPath(target.group, target.version, target.resource);
    if (resource === undefined) return false;
    stamp(response, this.#time);
    this.watches.serve(resource, target?.namespace ?? "", request, response);
    return true;
  }

  #answer(request: ApiRequest): Answer {
    try {
      return this.#route(request);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const seconds = error.details?.retryAfterSeconds;
      const headers = seconds === undefined ? undefined : { "retry-after": String(seconds) };
      return { code: error.code, body: JSON.stringify(error.status()), headers };
    }
  }

  #route(request: ApiRequest): Answer {
    const { path, target } = request;
    if (["/healthz", "/readyz", "/livez"].includes(path)) return { code: 200, body: "ok" };
    const resource = target && this.#objects.resources.atPath(target.group, target.version, target.resource);
    if (target && resource) return this.#resourceRequests.answer(resource, target, request);
    const review = accessReviewAnswer(request.method, path);
    if (review !== undefined) return { code: 201, body: JSON.stringify(review) };
    const resources = this.#objects.resources.all();
    const discovered = discoveryAnswer(path, resources) ?? openApiAnswer(path, resources);
    if (discovered !== undefined) return { code: 200, body: JSON.stringify(discovered) };
    throw new ApiError(404, "NotFound", "the server could not find the requested resource", {});
  }

  #fail(response: ServerResponse, error: unknown): void {
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    const refusal =
      error instanceof ApiError
        ? error
        : new ApiError(500, "InternalError", `Internal error occurred: ${String(error)}`);
    send(response, { code: refusal.code, body: JSON.stringify(refusal.status()) }, this.#time);
  }
}

/** Whether the request does not even reach the server. */
function isLostBefore(effect: RequestEffect): boolean {
  return ("cut" in effect && effect.cut === "before") || ("hang" in effect && effect.hang === "before");
}
