// The answer that a fault gives in the server's place: by default what a real server says with that code.
import type { FaultAnswer } from "./fault.ts";

/** Reason and message of the Status by HTTP code, as kube-apiserver sends them. */
const STATUS_TEXTS: Readonly<Record<number, readonly [reason: string, message: string]>> = {
  400: ["BadRequest", "the server rejected our request for an unknown reason"],
  401: ["Unauthorized", "Unauthorized"],
  403: ["Forbidden", "forbidden: not allowed"],
  404: ["NotFound", "the server could not find the requested resource"],
  409: [
    "Conflict",
    "Operation cannot be fulfilled: the object has been modified; please apply your changes to the latest version and try again",
  ],
  410: ["Expired", "The resourceVersion for the provided watch is too old."],
  422: ["Invalid", "the server rejected our request due to an error in our request"],
  429: ["TooManyRequests", "the server has received too many requests and has asked us to try again later"],
  500: ["InternalError", "Internal error occurred: etcdserver: request timed out"],
  503: ["ServiceUnavailable", "the server is currently unable to handle the request"],
  504: ["Timeout", "Timeout: request did not complete within the allotted timeout"],
};

/** The code, the text and the headers to send. */
export function fullAnswer(answer: FaultAnswer): {
  code: number;
  body: string;
  headers: Readonly<Record<string, string>>;
} {
  const { code, retryAfterSeconds, body = statusOf(answer) } = answer;
  const retryAfter = retryAfterSeconds !== undefined && { "retry-after": String(retryAfterSeconds) };
  return {
    code,
    body: typeof body === "string" ? body : JSON.stringify(body),
    headers: { ...retryAfter, ...answer.headers },
  };
}

function statusOf({ code, retryAfterSeconds, message }: FaultAnswer): object {
  const [reason, usual] = STATUS_TEXTS[code] ?? ["", "an error on the server has prevented the request"];
  const details = retryAfterSeconds === undefined ? {} : { details: { retryAfterSeconds } };
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: message ?? usual,
    reason,
    ...details,
    code,
  };
}
