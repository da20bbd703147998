// One request to one pod, within limits that no answer can break: time, bytes, headers, one connection.
import { type ClientRequest, type IncomingMessage, request as send } from "node:http";
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import { connect as secure } from "node:tls";
import type { Clock, StopwatchMaker } from "../../kube/clock.ts";
import { type Dial, hostAndPort, type PodPort } from "./dial.ts";
import type { PodRequest } from "./pod-request.ts";

/** Why there is no complete answer. */
export type NoAnswer = "refused" | "reset" | "connectTimeout" | "timeout" | "tls" | "tooLarge";

export type PodAnswer =
  | {
      readonly class: "answered";
      readonly status: number;
      /** From connecting to the end of what was read of the answer. */
      readonly durationMs: number;
      readonly body: Buffer;
      /** There was more of it. */
      readonly isCut: boolean;
    }
  | {
      readonly class: NoAnswer;
      readonly durationMs: number;
      /** Our words alone: nothing that the pod sent. */
      readonly message: string;
    };

export interface AskPodOptions {
  readonly dial: Dial;
  readonly clock: Clock & StopwatchMaker;
  /** Sent as User-Agent. */
  readonly userAgent: string;
  readonly mostBodyBytes: number;
}

const MOST_HEADER_BYTES = 16 * 1_024;
/** 103 Early Hints and the like; each has headers of its own. */
const MOST_INFORMATION = 4;

type Phase = "connecting" | "securing" | "waiting" | "reading";

/** Asks once. Never rejects. Whoever calls it has checked the address and the request. */
export async function askPod(
  target: PodPort,
  request: PodRequest,
  { dial, clock, userAgent, mostBodyBytes }: AskPodOptions,
): Promise<PodAnswer> {
  const elapsed = clock.stopwatch();
  const durationMs = () => Math.round(elapsed().atLeastMs);
  const deadline = new AbortController();
  const cancel = clock.after(request.timeoutMs, () => deadline.abort(new Error("the time is over")));
  let phase: Phase = "connecting";
  let phaseAtMs = 0;
  const enter = (next: Phase) => {
    phase = next;
    phaseAtMs = durationMs();
  };
  let socket: Duplex | undefined;
  try {
    socket = await dial(target, deadline.signal);
    if (request.scheme === "HTTPS") {
      enter("securing");
      socket = await secured(socket, request, deadline.signal);
    }
    enter("waiting");
    const answer = await headOf(sent(socket, target, request, userAgent), deadline.signal);
    enter("reading");
    const body = await beginningOf(answer, mostBodyBytes);
    return { class: "answered", status: answer.statusCode ?? 0, durationMs: durationMs(), ...body };
  } catch (error) {
    const failure = failureIn(phase, error, deadline.signal.aborted);
    return {
      ...failure,
      durationMs: durationMs(),
      message: `${failure.message} (${phaseText(phase, phaseAtMs)})`,
    };
  } finally {
    cancel();
    // Ends whatever is still open of it: the connection carries this one request.
    deadline.abort(new Error("done"));
    socket?.destroy();
  }
}

function secured(socket: Duplex, { serverName, host }: PodRequest, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const name = serverName ?? host?.replace(/:\d+$/, "");
    const tls = secure({
      socket,
      rejectUnauthorized: serverName !== undefined,
      ...(name !== undefined && isIP(name) === 0 && { servername: name }),
    });
    signal.addEventListener("abort", () => void tls.destroy(signal.reason as Error), { once: true });
    tls.once("secureConnect", () => resolve(tls));
    tls.on("error", reject);
    tls.once("close", () => reject(new Error("closed")));
  });
}

function sent(socket: Duplex, target: PodPort, request: PodRequest, userAgent: string): ClientRequest {
  const headers = {
    host: request.host ?? hostAndPort(target),
    "user-agent": userAgent,
    accept: "*/*",
    connection: "close",
    ...Object.fromEntries((request.headers ?? []).map(({ name, value }) => [name.toLowerCase(), value])),
  };
  return send({
    // Without an agent: no pool, no proxy of the environment.
    createConnection: () => socket,
    method: request.method,
    path: request.path,
    headers,
    setHost: false,
    insecureHTTPParser: false,
    maxHeaderSize: MOST_HEADER_BYTES,
  }).end();
}

function headOf(request: ClientRequest, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    let informed = 0;
    request.on("information", () => {
      informed += 1;
      if (informed > MOST_INFORMATION) request.destroy(new TooLargeError());
    });
    request.once("response", resolve);
    request.once("upgrade", (_, socket) => void socket.destroy());
    request.once("close", () => reject(new Error("closed")));
    request.on("error", reject);
    signal.addEventListener("abort", () => void request.destroy(signal.reason as Error), { once: true });
  });
}

/** Reads no more than that, and ends the connection where there is more. */
async function beginningOf(answer: IncomingMessage, mostBytes: number) {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let isCut = false;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk.subarray(0, mostBytes - bytes));
    bytes += chunk.length;
    isCut = bytes > mostBytes;
    if (isCut) break;
  }
  return { body: Buffer.concat(chunks), isCut };
}

class TooLargeError extends Error {}

interface Failure {
  readonly class: NoAnswer;
  readonly message: string;
}

function failureIn(phase: Phase, error: unknown, isOver: boolean): Failure {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (phase === "connecting") return connectFailure(code, isOver);
  if (isOver) return { class: "timeout", message: "the time was over" };
  if (phase === "securing") {
    return {
      class: "tls",
      message: `the TLS handshake failed${/^[A-Z0-9_]+$/.test(code) ? `: ${code}` : ""}`,
    };
  }
  if (error instanceof TooLargeError || code === "HPE_HEADER_OVERFLOW") {
    return { class: "tooLarge", message: `the headers are larger than ${MOST_HEADER_BYTES / 1_024} KiB` };
  }
  if (code.startsWith("HPE_")) return { class: "reset", message: "the answer is not HTTP" };
  return { class: "reset", message: "the connection was closed before the answer was complete" };
}

function connectFailure(code: string, isOver: boolean): Failure {
  if (isOver) return { class: "connectTimeout", message: "no connection in time" };
  if (code === "ECONNREFUSED") return { class: "refused", message: "the connection was refused" };
  if (code === "ECONNRESET") return { class: "reset", message: "the connection was reset" };
  return { class: "connectTimeout", message: `no connection: ${code || "unknown error"}` };
}

const PHASES: Readonly<Record<Phase, string>> = {
  connecting: "while connecting",
  securing: "connected after",
  waiting: "ready for the request after",
  reading: "the answer started after",
};

function phaseText(phase: Phase, atMs: number): string {
  return phase === "connecting" ? PHASES[phase] : `${PHASES[phase]} ${atMs} ms`;
}
