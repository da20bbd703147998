// The `continue` tokens of lists: which state, and behind which object the next page begins.
import { badRequest } from "../api-error.ts";

export interface ContinueToken {
  /** The state that all pages show; -1: the newest, when that state is forgotten. */
  readonly revision: number;
  /** The key of the last object of the page before. */
  readonly after: string;
}

export function encodeContinue({ revision, after }: ContinueToken): string {
  const json = JSON.stringify({ v: "meta.k8s.io/v1", rv: revision, start: `${after}\u0000` });
  return Buffer.from(json).toString("base64url");
}

/** Throws an ApiError (400) for a token that no server made. */
export function decodeContinue(token: string): ContinueToken {
  let content: { v?: unknown; rv?: unknown; start?: unknown };
  try {
    content = JSON.parse(Buffer.from(token, "base64url").toString()) as typeof content;
  } catch {
    throw badRequest(
      "invalid continue token: continue key is not valid: invalid character looking for beginning of value",
    );
  }
  const { v, rv, start } = content;
  if (v !== "meta.k8s.io/v1" || typeof rv !== "number" || typeof start !== "string") {
    throw badRequest(
      "invalid continue token: continue key is not valid: server does not recognize this encoded version",
    );
  }
  return { revision: rv, after: start.replace(/\0$/, "") };
}
