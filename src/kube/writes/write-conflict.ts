// How a refused write is told apart: the object had changed or gone (normal), or the write itself is at fault.
import { ConflictError, isConflict, isInvalid, isNotFound, isRefusal } from "../connection/api-error.ts";

/** Throws ConflictError with `message` when the object had changed or gone, else the error itself. */
export function rethrowAsConflict(error: unknown, message: string): never {
  const isStale = !isRefusal(error) && (isConflict(error) || isNotFound(error) || isInvalid(error));
  if (isStale) throw new ConflictError(message, { cause: error });
  throw error;
}
