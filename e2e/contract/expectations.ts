// What is held against answers, whole: nothing more and nothing less may be in a refusal.
import { expect } from "chai";
import type { Answer } from "./api.ts";

/** A refusal as the server words it. */
export interface Refusal {
  readonly code: number;
  readonly reason?: string;
  readonly message: string | RegExp;
  readonly details?: object;
  /** Of a list that can be continued all the same. */
  readonly metadata?: object;
}

/** The answer is this refusal, in every field. */
export function expectRefusal(answer: Answer<unknown>, refusal: Refusal): void {
  const { code, message, metadata = {}, ...rest } = refusal;
  const body = answer.body as { message?: string };
  if (message instanceof RegExp) expect(body.message).to.match(message);
  expect({ code: answer.code, body }).to.deep.equal({
    code,
    body: {
      kind: "Status",
      apiVersion: "v1",
      metadata,
      status: "Failure",
      message: message instanceof RegExp ? body.message : message,
      ...rest,
      code,
    },
  });
}

/** What a server says of a JSON Patch that cannot be applied: deliberately not much. */
export const REJECTED_PATCH: Refusal = {
  code: 422,
  reason: "Invalid",
  message: "the server rejected our request due to an error in our request",
  details: {},
};

/** What a writer is told that somebody else was faster. */
export function modifiedMeanwhile(qualified: string, name: string): Refusal {
  const [plural = "", ...group] = qualified.split(".");
  return {
    code: 409,
    reason: "Conflict",
    message: `Operation cannot be fulfilled on ${qualified} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
    details: { name, ...(group.length > 0 && { group: group.join(".") }), kind: plural },
  };
}

/** What is said of an object that is not there. */
export function notFound(qualified: string, name: string): Refusal {
  const [plural = "", ...group] = qualified.split(".");
  return {
    code: 404,
    reason: "NotFound",
    message: `${qualified} "${name}" not found`,
    details: { name, ...(group.length > 0 && { group: group.join(".") }), kind: plural },
  };
}
