// What can go wrong between the operator and the API server: it refused, no answer came, or the object had changed.
import { shortText } from "../../domain/plain-text.ts";
import { asInteger, asList, asObject, asText, isObject, type RawObject } from "../objects.ts";

/** Bytes of what is quoted of an answer: a refusal may repeat the whole value that it refuses. */
const LONGEST_MESSAGE = 1_000;

/** The API server answered, and the answer is a refusal. */
export class ApiError extends Error {
  override readonly name: string = "ApiError";
  /** The HTTP status, or the code of a Status that came inside a watch. */
  readonly status: number;
  /** Kubernetes' own word, such as NotFound; empty when the answer was no Status. */
  readonly reason: string;
  /** How long the server asks to be left alone. */
  readonly retryAfterMs: number | undefined;
  /** `details` of the Status. */
  readonly details: RawObject;

  /** `what` names the request: its method and path. `headerRetryAfterMs` is what the Retry-After header said. */
  constructor(what: string, status: number, body: unknown, headerRetryAfterMs?: number) {
    const answer = asObject(body);
    const reason = asText(answer.reason);
    const said = shortText(
      asText(answer.message, typeof body === "string" ? body.trim() : ""),
      LONGEST_MESSAGE,
    );
    super(`${what}: ${[String(status), reason].filter(Boolean).join(" ")}${said ? `: ${said}` : ""}`);
    this.status = status;
    this.reason = reason;
    this.details = asObject(answer.details);
    const seconds = asInteger(this.details.retryAfterSeconds);
    this.retryAfterMs = headerRetryAfterMs ?? (seconds > 0 ? seconds * 1_000 : undefined);
  }
}

/** No answer, or only part of one. A write may or may not have been done. */
export class ConnectionError extends Error {
  override readonly name: string = "ConnectionError";

  constructor(what: string, cause: unknown) {
    super(`${what}: ${cause instanceof Error ? describe(cause) : String(cause)}`, { cause });
  }
}

/** The object is not what the decision was made for any more. Normal: look again and decide anew. */
export class ConflictError extends Error {
  override readonly name: string = "ConflictError";
}

/** The API server refuses a change. The message is its answer, without values that nobody may see. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
}

/** Another instance may be acting by now: nothing was sent. */
export class NotLeadingError extends ConflictError {
  override readonly name = "NotLeadingError";
}

export function isNotFound(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 404;
}

/** An object of that name exists already. */
export function isAlreadyExists(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 409 && error.reason === "AlreadyExists";
}

/** The object has another resourceVersion or uid than the write expected. */
export function isConflict(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 409 && error.reason !== "AlreadyExists";
}

/** 422: a `test` of a JSON Patch failed, a path of it does not exist, or the object would not be valid. */
export function isInvalid(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 422;
}

/**
 * Whether a 422 says that the resulting object would not be valid. A JSON Patch that does not apply gets the same
 * status and reason; only a validation names the object and the fields.
 */
function isRefusedByValidation(error: unknown): error is ApiError {
  if (!isInvalid(error)) return false;
  return asList(error.details.causes).some((cause) => isObject(cause) && asText(cause.field) !== "");
}

/** As admission says it, of a webhook and of a ValidatingAdmissionPolicy, whatever status they choose. */
const DENIED = /denied (the )?request/;
/** A webhook that must be asked cannot be: nothing is admitted until it answers. */
const UNASKED = /failed calling webhook/;
const SAYS_NO: ReadonlySet<number> = new Set([400, 403, 405, 413, 415]);

/**
 * Whether the API server has taken note of a write and refuses it: a right is missing, admission or a quota denies it, a
 * webhook that must agree does not answer, or the object would not be valid. The same write gets the same answer until
 * somebody changes something else. None: an object that has changed or is gone, and whatever is wrong on the way.
 */
export function isRefusal(error: unknown): error is ApiError {
  if (!(error instanceof ApiError)) return false;
  if (error.status >= 500) return UNASKED.test(error.message);
  return SAYS_NO.has(error.status) || DENIED.test(error.message) || isRefusedByValidation(error);
}

/** 403 because the namespace is being deleted: nothing new is taken into it, and nobody will read it there. */
export function isNamespaceTerminating(error: unknown): error is ApiError {
  if (!(error instanceof ApiError) || error.status !== 403) return false;
  return asList(error.details.causes).some(
    (cause) => isObject(cause) && asText(cause.reason) === "NamespaceTerminating",
  );
}

/** The message with the causes that say more than "fetch failed" or "connect failed". */
function describe(error: Error): string {
  const code = "code" in error ? asText(error.code) : "";
  const text =
    error.message || (error instanceof AggregateError ? describeAll(error.errors) : "") || error.name;
  return code && !text.includes(code) ? `${text} (${code})` : text;
}

function describeAll(errors: readonly unknown[]): string {
  return errors.map((error) => (error instanceof Error ? describe(error) : String(error))).join("; ");
}
