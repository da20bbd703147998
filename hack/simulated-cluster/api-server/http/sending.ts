// Answers on their way to the client: whole, slow, or spoiled on demand.
import type { ServerResponse } from "node:http";
import type { SimulatedTime } from "../../simulated-time.ts";
import { breakConnection, isGone } from "../connections.ts";
import type { Answer } from "./resource-requests.ts";

/** In how many pieces a slow answer comes. */
const PIECES = 10;

/** Every answer carries the cluster's time, by which clients can set their clocks. */
export function stamp(response: ServerResponse, time: SimulatedTime): void {
  response.sendDate = false;
  response.setHeader("date", new Date(time.now()).toUTCString());
}

/** Sends the whole answer; a long one as fast as the client reads it. */
export function send(response: ServerResponse, answer: Answer, time: SimulatedTime): void {
  if (isGone(response)) return;
  const { code, body, headers } = answer;
  if (typeof body === "string") {
    sendText(response, { code, text: body, headers }, time);
    return;
  }
  const pieces = body[Symbol.iterator]();
  const first = pieces.next();
  const second = pieces.next();
  const text = String(first.value ?? "");
  if (second.done) {
    sendText(response, { code, text, headers }, time);
    return;
  }
  stamp(response, time);
  response.writeHead(code, { "content-type": "application/json", ...headers });
  response.write(text);
  void sendRest(response, second.value, pieces);
}

/** Sends the answer in pieces over a time (ms of the cluster). */
export function sendSlowly(
  response: ServerResponse,
  answer: Answer,
  time: SimulatedTime,
  overMs: number,
): void {
  const bytes = Buffer.from(begin(response, answer, time));
  const size = Math.ceil(bytes.length / PIECES);
  const sendPiece = (index: number): void => {
    if (isGone(response)) return;
    response.write(bytes.subarray(index * size, (index + 1) * size));
    if (index + 1 === PIECES) response.end();
    else time.after(overMs / PIECES, () => sendPiece(index + 1));
  };
  time.after(overMs / PIECES, () => sendPiece(0));
}

/** Sends half of the JSON as if it were all. */
export function sendBrokenJson(response: ServerResponse, answer: Answer, time: SimulatedTime): void {
  send(response, { ...answer, body: halfOf(wholeText(answer)) }, time);
}

/** Announces all, sends half and breaks the connection. */
export function sendHalf(response: ServerResponse, answer: Answer, time: SimulatedTime): void {
  const text = begin(response, answer, time);
  response.write(halfOf(text), () => breakConnection(response));
}

function sendText(
  response: ServerResponse,
  answer: { code: number; text: string; headers: Answer["headers"] },
  time: SimulatedTime,
): void {
  response.end(begin(response, { ...answer, body: answer.text }, time));
}

async function sendRest(response: ServerResponse, second: string, rest: Iterator<string>): Promise<void> {
  for (let piece: string | undefined = second; piece !== undefined && !isGone(response); ) {
    if (!response.write(piece)) await readyForMore(response);
    const next = rest.next();
    piece = next.done ? undefined : next.value;
  }
  response.end();
}

/** Resolves when the client has read what was written, or is gone. */
function readyForMore(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      response.off("drain", go);
      response.off("close", go);
      resolve();
    };
    response.on("drain", go);
    response.on("close", go);
  });
}

/** Sends the head of an answer that has its length; returns the text that belongs behind it. */
function begin(response: ServerResponse, answer: Answer, time: SimulatedTime): string {
  const text = wholeText(answer);
  stamp(response, time);
  response.writeHead(answer.code, {
    "content-type": text.startsWith("{") ? "application/json" : "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    ...answer.headers,
  });
  return text;
}

function wholeText({ body }: Answer): string {
  return typeof body === "string" ? body : [...body].join("");
}

function halfOf(text: string): string {
  return text.slice(0, text.length >> 1);
}
