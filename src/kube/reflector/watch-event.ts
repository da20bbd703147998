// One line of a watch, understood. Pure.
import { ApiError } from "../connection/api-error.ts";
import { asInteger, asObject, asText, isObject, metaOf, type RawObject } from "../objects.ts";

/** What one line says. `resourceVersion` is where a later watch continues; undefined when the line does not tell. */
export type WatchEvent =
  | {
      readonly is: "change";
      readonly type: "ADDED" | "MODIFIED" | "DELETED";
      readonly object: RawObject;
      readonly resourceVersion: string | undefined;
    }
  | { readonly is: "bookmark"; readonly resourceVersion: string | undefined };

/** A line that is no event: the stream cannot be trusted from here on. */
export class MalformedLineError extends Error {
  override readonly name = "MalformedLineError";
}

/**
 * Reads one line. Throws ApiError for an ERROR event (code 410: the resourceVersion is too old), MalformedLineError
 * for anything that is no event.
 */
export function parseWatchEvent(line: string, what: string): WatchEvent {
  const { type, object } = asObject(parseJson(line, what));
  if (type === "ERROR") throw new ApiError(what, asInteger(asObject(object).code, 500), object);
  if (!isObject(object)) throw new MalformedLineError(`${what}: an event without object: ${excerpt(line)}`);
  const resourceVersion = metaOf(object).resourceVersion || undefined;
  switch (type) {
    case "ADDED":
    case "MODIFIED":
    case "DELETED":
      return { is: "change", type, object, resourceVersion };
    case "BOOKMARK":
      return { is: "bookmark", resourceVersion };
    default:
      throw new MalformedLineError(`${what}: an event of unknown type ${asText(type, "(none)")}`);
  }
}

/** The object of a line whose head says already that it is a change. Throws MalformedLineError. */
export function parseChangedObject(line: string, what: string): RawObject {
  const event = parseWatchEvent(line, what);
  if (event.is === "change") return event.object;
  throw new MalformedLineError(`${what}: not a change although it starts like one: ${excerpt(line)}`);
}

function parseJson(line: string, what: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new MalformedLineError(`${what}: a line that is not JSON: ${excerpt(line)}`, { cause });
  }
}

function excerpt(line: string): string {
  return line.length > 80 ? `${line.slice(0, 80)}…` : line;
}
