// Answers on their way to the client: whole, slow, or spoiled on demand.
import type { ServerResponse } from "node:http";
import type { SimulatedTime } from "../simulated-time.ts";
import { breakConnection } from "./connections.ts";
import type { Answer } from "./resource-requests.ts";

/** In how many pieces a slow answer comes. */
const PIECES = 10;

/** Every answer carries the cluster's time, by which clients can set their clocks. */
export function stamp(response: ServerResponse, time: SimulatedTime): void {
  response.sendDate = false;
  response.setHeader("date", new Date(time.now()).toUTCString());
}

export function send(response: ServerResponse, answer: Answer, time: SimulatedTime): void {
  begin(response, answer, time);
  response.end(answer.body);
}

/** Sends the answer in pieces over a time (ms of the cluster). */
export function sendSlowly(
  response: ServerResponse,
  answer: Answer,
  time: SimulatedTime,
  overMs: number,
): void {
  begin(response, answer, time);
  const bytes = Buffer.from(answer.body);
  const size = Math.ceil(bytes.length / PIECES);
  const sendPiece = (index: number): void => {
    if (response.destroyed) return;
    response.write(bytes.subarray(index * size, (index + 1) * size));
    if (index + 1 === PIECES) response.end();
    else time.after(overMs / PIECES, () => sendPiece(index + 1));
  };
  time.after(overMs / PIECES, () => sendPiece(0));
}

/** Sends half of the JSON as if it were all. */
export function sendBrokenJson(response: ServerResponse, answer: Answer, time: SimulatedTime): void {
  send(response, { ...answer, body: halfOf(answer.body) }, time);
}

/** Announces all, sends half and breaks the connection. */
export function sendHalf(response: ServerResponse, answer: Answer, time: SimulatedTime): void {
  begin(response, answer, time);
  response.write(halfOf(answer.body), () => breakConnection(response));
}

function begin(response: ServerResponse, { code, body, headers }: Answer, time: SimulatedTime): void {
  stamp(response, time);
  response.writeHead(code, {
    "content-type": body.startsWith("{") ? "application/json" : "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(body),
    ...headers,
  });
}

function halfOf(text: string): string {
  return text.slice(0, text.length >> 1);
}
