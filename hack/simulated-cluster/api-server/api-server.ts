// The API server over HTTP: sockets, the log of requests, faults on demand, and the way from a URL to an answer.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Random } from "../random.ts";
import type { SimulatedTime } from "../simulated-time.ts";
import { accessReviewAnswer } from "./access-review.ts";
import { ApiError } from "./api-error.ts";
import { type ApiRequest, parseTarget, verbOf } from "./api-request.ts";
import { discoveryAnswer } from "./discovery.ts";
import { Faults } from "./faults.ts";
import { Lists } from "./lists.ts";
import type { ApiObjects } from "./objects.ts";
import { openApiAnswer } from "./openapi.ts";
import { RequestLog } from "./request-log.ts";
import { type Answer, createResourceRequests } from "./resource-requests.ts";
import { Watches } from "./watches.ts";

export class ApiServer {
  readonly requests = new RequestLog();
  readonly faults = new Faults();
  readonly watches: Watches;
  readonly lists: Lists;
  readonly #objects: ApiObjects;
  readonly #time: SimulatedTime;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #resourceRequests: ReturnType<typeof createResourceRequests>;
  #peakSockets = 0;

  constructor(parts: { objects: ApiObjects; time: SimulatedTime; random: Random }) {
    this.#objects = parts.objects;
    this.#time = parts.time;
    this.lists = new Lists(parts.objects.store);
    this.watches = new Watches({ store: parts.objects.store, time: parts.time, random: parts.random });
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
    const intervention = await this.faults.interventionFor(request);
    if (intervention !== undefined) {
      if ("answer" in intervention) {
        const { code, body = "", headers } = intervention.answer;
        record(code);
        const text = typeof body === "string" ? body : JSON.stringify(body);
        return this.#send(response, { code, body: text, headers });
      }
      if ("delayMs" in intervention) {
        await new Promise<void>((resolve) => this.#time.after(intervention.delayMs, resolve));
      } else {
        if (intervention.cut === "after") record(this.#answer(request).code);
        else record(0);
        response.destroy();
        return;
      }
    }
    if (request.verb === "watch" && this.#watch(request, response)) return record(200);
    const answer = this.#answer(request);
    record(answer.code);
    this.#send(response, answer);
  }

  /** True when the request was a watch that could begin. */
  #watch(request: ApiRequest, response: ServerResponse): boolean {
    const { target } = request;
    const resource = target && this.#objects.resources.atPath(target.group, target.version, target.resource);
    if (resource === undefined) return false;
    this.#stamp(response);
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

  #send(response: ServerResponse, { code, body, headers }: Answer): void {
    this.#stamp(response);
    const isJson = body.startsWith("{");
    response.writeHead(code, {
      "content-type": isJson ? "application/json" : "text/plain; charset=utf-8",
      "content-length": Buffer.byteLength(body),
      ...headers,
    });
    response.end(body);
  }

  /** Every answer carries the cluster's time, by which clients can set their clocks. */
  #stamp(response: ServerResponse): void {
    response.sendDate = false;
    response.setHeader("date", new Date(this.#time.now()).toUTCString());
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
    this.#send(response, { code: refusal.code, body: JSON.stringify(refusal.status()) });
  }
}

async function readRequest(incoming: IncomingMessage): Promise<ApiRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { pathname, searchParams } = new URL(incoming.url ?? "/", "http://localhost");
  const method = incoming.method ?? "GET";
  const target = parseTarget(pathname);
  return {
    method,
    path: pathname,
    query: searchParams,
    target,
    verb: verbOf(method, target, searchParams),
    userAgent: incoming.headers["user-agent"] ?? "",
    contentType: (incoming.headers["content-type"] ?? "").split(";")[0]?.trim() ?? "",
    accept: incoming.headers.accept ?? "",
    body: Buffer.concat(chunks).toString("utf8"),
  };
}
