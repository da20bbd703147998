// The API server over HTTP: its connections, the log of requests, faults on demand, restarts.
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { ApiRequest } from "../../api-request.ts";
import type { RequestEffect } from "../../faults/fault.ts";
import { fullAnswer } from "../../faults/fault-answer.ts";
import { type EffectNow, Faults } from "../../faults/faults.ts";
import type { Random } from "../../random.ts";
import type { SimulatedTime } from "../../simulated-time.ts";
import { ApiError } from "../api-error.ts";
import { breakConnection, Connections, isGone } from "../connections.ts";
import type { Backup } from "../object-store.ts";
import type { ApiObjects } from "../objects.ts";
import { Lists } from "../reading/lists.ts";
import { Watches } from "../reading/watches.ts";
import { readRequest } from "./incoming-request.ts";
import { RequestLog } from "./request-log.ts";
import type { Answer } from "./resource-requests.ts";
import { createRouter, type Router, refusal } from "./router.ts";
import { send, sendBrokenJson, sendHalf, sendSlowly, stamp } from "./sending.ts";

/** Answers requests that no real API server knows; undefined for all others. */
export type AdminEndpoint = (request: ApiRequest) => Answer | undefined;

export interface RestartOptions {
  /** How long connections are refused (ms of the cluster). Default 0. */
  readonly downMs?: number | undefined;
  /** Whether watches can go on from where they were. False: every older resourceVersion is answered with 410. */
  readonly keepsHistory?: boolean | undefined;
  /** Meanwhile etcd is restored from that: objects and resourceVersions go back. */
  readonly backup?: Backup | undefined;
  /** Ends watches properly and sends GOAWAY, as a server does that shuts down. Default: connections break. */
  readonly isGraceful?: boolean | undefined;
}

/** How long a server that shuts down waits for what is being answered (real ms). */
const SHUTDOWN_MS = 50;

export class ApiServer {
  readonly requests = new RequestLog();
  readonly faults: Faults;
  readonly watches: Watches;
  readonly connections: Connections;
  /** What answers beside the API, if anything. */
  admin: AdminEndpoint | undefined;
  readonly #lists: Lists;
  readonly #objects: ApiObjects;
  readonly #time: SimulatedTime;
  readonly #router: Router;
  /** Counts restarts: what came before one is not carried out after it. */
  #life = 0;

  constructor(parts: {
    objects: ApiObjects;
    time: SimulatedTime;
    random: Random;
    seed: number;
    tls: boolean;
  }) {
    const { objects, time, random, seed, tls } = parts;
    this.#objects = objects;
    this.#time = time;
    this.#lists = new Lists(objects.store, () => time.now());
    this.watches = new Watches({ store: objects.store, time, random });
    const revision = (): number => objects.store.revision;
    this.faults = new Faults({ time, seed, watches: this.watches, revision });
    this.#router = createRouter(objects, this.#lists);
    const listener: RequestListener = (request, response) => {
      this.#serve(request, response).catch((error: unknown) => this.#fail(response, error));
    };
    this.connections = new Connections(listener, { tls });
  }

  /** Serves a connection that came another way than through the port. */
  accept(connection: Duplex): void {
    this.connections.accept(connection);
  }

  /** Forgets all history: older resourceVersions and continue tokens are answered with 410. */
  forgetHistory(): void {
    this.#objects.store.forgetHistory();
    this.#lists.expire();
  }

  /** Ends the process of the API server and starts it again. Resolves when it takes connections again. */
  async restart(options: RestartOptions = {}): Promise<void> {
    const { downMs = 0, keepsHistory = true, isGraceful = false, backup } = options;
    this.#life += 1;
    if (isGraceful) {
      this.watches.end();
      this.connections.goAway();
      await new Promise((resolve) => setTimeout(resolve, SHUTDOWN_MS));
    }
    await this.connections.down();
    if (!keepsHistory) this.forgetHistory();
    if (backup !== undefined) {
      this.#objects.store.restore(backup);
      this.#lists.expire();
    }
    if (downMs > 0) await new Promise<void>((resolve) => this.#time.after(downMs, resolve));
    await this.connections.up();
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const life = this.#life;
    const at = this.#time.now();
    const request = await readRequest(incoming);
    const administered = this.admin?.(request);
    if (administered !== undefined) return send(response, administered, this.#time);
    const record = (status: number): void => this.requests.addAnswered(request, status, at);
    const effect = await this.faults.effectOn(request);
    if (life !== this.#life) return record(0);
    if (effect !== undefined && !("asOf" in effect)) {
      this.#serveFaulty(request, response, effect, record);
      return;
    }
    if (request.verb === "watch" && this.#watch(request, response, effect?.asOf)) return record(200);
    const answer = this.#router.answer(request, effect?.asOf);
    record(answer.code);
    send(response, answer, this.#time);
  }

  #serveFaulty(
    request: ApiRequest,
    response: ServerResponse,
    effect: Exclude<EffectNow, { readonly asOf: number }>,
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
    const answer =
      "expireContinue" in effect
        ? refusal(this.#lists.expiredContinue(request.query.get("continue") ?? ""))
        : this.#router.answer(request, undefined);
    record(answer.code);
    if ("cut" in effect) breakConnection(response);
    else if ("slowMs" in effect) sendSlowly(response, answer, this.#time, effect.slowMs);
    else if ("expireContinue" in effect) send(response, answer, this.#time);
    else if ("spoil" in effect && effect.spoil === "json") sendBrokenJson(response, answer, this.#time);
    else if ("spoil" in effect) sendHalf(response, answer, this.#time);
  }

  /** True when the request was a watch that could begin. */
  #watch(request: ApiRequest, response: ServerResponse, asOf: number | undefined): boolean {
    const resource = this.#router.resourceOf(request);
    if (resource === undefined) return false;
    stamp(response, this.#time);
    this.watches.serve(resource, request, response, asOf);
    return true;
  }

  #fail(response: ServerResponse, error: unknown): void {
    if (response.headersSent || isGone(response)) {
      response.destroy();
      return;
    }
    const known =
      error instanceof ApiError
        ? error
        : new ApiError(500, "InternalError", `Internal error occurred: ${String(error)}`);
    send(response, refusal(known), this.#time);
  }
}

/** Whether the request does not even reach the server. */
function isLostBefore(effect: RequestEffect): boolean {
  return ("cut" in effect && effect.cut === "before") || ("hang" in effect && effect.hang === "before");
}
