// The answer to one watch: lines, sent in batches, and what faults do to them.
import type { ServerResponse } from "node:http";
import type { ApiRequest } from "../../api-request.ts";
import type { WatchEffect } from "../../faults/fault.ts";
import type { SimulatedTime } from "../../simulated-time.ts";
import { expired } from "../api-error.ts";
import { backlogOf, breakConnection, isGone, resetAnswer } from "../connections.ts";

/**
 * The watch of a client that reads so slowly is ended (bytes waiting), as a real API server does: behind what is
 * already on its way, and without harm to what else runs on the connection. So the next watch gets on from there.
 */
const MAX_BACKLOG = 64 * 1024 * 1024;

interface HeldLine {
  readonly line: string;
  /** When it may go (epoch ms of the cluster). */
  readonly dueAt: number;
}

export class WatchStream {
  readonly request: ApiRequest;
  readonly #response: ServerResponse;
  readonly #time: SimulatedTime;
  #batch: string[] = [];
  #held: HeldLine[] = [];
  #heldBytes = 0;
  /** How many faults freeze it. */
  #freezes = 0;
  #delays: readonly number[] = [];
  #next: "whole" | "half" | "broken" = "whole";
  #cancelDue = (): void => {};
  /** Nothing more may be written. */
  #isOver = false;
  /** The answer is to end behind what is held back. */
  #isEnding = false;

  constructor(request: ApiRequest, response: ServerResponse, time: SimulatedTime) {
    this.request = request;
    this.#response = response;
    this.#time = time;
    this.onClose(() => {
      this.#isOver = true;
      this.#cancelDue();
      this.#held = [];
    });
  }

  /** Called when the client is gone or has all of the answer. */
  onClose(listener: () => void): void {
    this.#response.once("close", listener);
  }

  /** Sends a line, with its line feed. An event, unless told that it is none. */
  write(line: string): void {
    if (this.#isOver || this.#isEnding) return;
    if (!this.#isHolding()) {
      this.#send(line);
      return;
    }
    this.#held.push({ line, dueAt: this.#time.now() + Math.max(0, ...this.#delays) });
    this.#heldBytes += line.length;
    if (this.#heldBytes > MAX_BACKLOG) this.end();
    if (this.#held.length === 1) this.#awaitDue();
  }

  /** Ends the answer properly, behind everything that was written. */
  end(): void {
    this.#isEnding = true;
    if (this.#held.length > 0 || this.#freezes > 0) return;
    this.#flush();
    this.#isOver = true;
    this.#response.end();
  }

  /** Breaks the connection. */
  destroy(): void {
    this.#isOver = true;
    breakConnection(this.#response);
  }

  /** Returns what ends the effect. */
  apply(effect: WatchEffect): () => void {
    if ("watchDelayMs" in effect) return this.#delay(effect.watchDelayMs);
    switch (effect.watch) {
      case "freeze":
        return this.#freeze();
      case "die":
        this.#freeze();
        break;
      case "cut":
        this.destroy();
        break;
      case "reset":
        this.#isOver = true;
        resetAnswer(this.#response);
        break;
      case "end":
        this.end();
        break;
      case "halfLine":
        this.#next = "half";
        break;
      case "brokenLine":
        this.#next = "broken";
        break;
      case "expire":
        this.fail(expired("The resourceVersion for the provided watch is too old."));
        break;
    }
    return () => {};
  }

  /** Ends with an ERROR event. */
  fail(error: { status(): object }): void {
    this.write(`${JSON.stringify({ type: "ERROR", object: error.status() })}\n`);
    this.end();
  }

  #freeze(): () => void {
    this.#freezes += 1;
    this.#cancelDue();
    return () => {
      this.#freezes -= 1;
      if (this.#freezes > 0) return;
      if (this.#held.length > 0) this.#awaitDue();
      else if (this.#isEnding) this.end();
    };
  }

  #delay(delayMs: number): () => void {
    this.#delays = [...this.#delays, delayMs];
    return () => {
      const index = this.#delays.indexOf(delayMs);
      this.#delays = this.#delays.filter((_, at) => at !== index);
      if (this.#delays.length === 0 && this.#freezes === 0) this.#releaseAll();
    };
  }

  #isHolding(): boolean {
    return this.#freezes > 0 || this.#delays.length > 0 || this.#held.length > 0;
  }

  #awaitDue(): void {
    this.#cancelDue();
    const [first] = this.#held;
    if (first === undefined || this.#freezes > 0) return;
    this.#cancelDue = this.#time.after(first.dueAt - this.#time.now(), () => {
      const now = this.#time.now();
      const due = this.#held.findIndex(({ dueAt }) => dueAt > now);
      this.#release(due === -1 ? this.#held.length : due);
      this.#awaitDue();
    });
  }

  #releaseAll(): void {
    this.#cancelDue();
    this.#release(this.#held.length);
  }

  #release(count: number): void {
    for (const { line } of this.#held.splice(0, count)) {
      this.#heldBytes -= line.length;
      this.#send(line);
    }
    if (this.#isEnding && this.#held.length === 0) this.end();
  }

  #send(line: string): void {
    if (this.#isOver) return;
    if (this.#next === "half") {
      this.#batch.push(line.slice(0, line.length >> 1));
      this.#isOver = true;
      // What is sent must be on its way before the connection breaks.
      this.#flush(() => this.destroy());
      return;
    }
    if (this.#batch.length === 0) setImmediate(() => this.#flush());
    this.#batch.push(this.#next === "broken" ? `${line.slice(0, line.length >> 1)}\n` : line);
    this.#next = "whole";
  }

  /** Lines that come at once go out at once. */
  #flush(whenGone?: () => void): void {
    if (this.#batch.length === 0 || isGone(this.#response)) return;
    const text = this.#batch.length === 1 ? (this.#batch[0] ?? "") : this.#batch.join("");
    this.#batch = [];
    this.#response.write(text, whenGone);
    if (backlogOf(this.#response) > MAX_BACKLOG && !this.#isOver) this.end();
  }
}
