// What may be logged of a value: a plain copy, errors with their cause and code, secrets hidden. Never changes what it is given.

const HIDDEN = "[hidden]";
const DEEPEST = 6;
/** Of a longer text or list only the beginning is logged. */
const LONGEST_TEXT = 8_000;
const LONGEST_LIST = 100;

/** Names whose values are never logged. A queue's `key` or a `secretName` is no secret. */
const SECRET_NAME =
  /token|passw|passphrase|authorization|secret|credential|cookie|(private|client|access|api|signing|tls)[-_.]?key|certificate|cert[-_]?data|key[-_]?data/i;
const REFERENCE_NAME = /(name|names|ref|refs|namespace|count)$/i;
const BEARER = /\b(bearer|basic)\s+[\w\-.~+/]{8,}=*/gi;

/** A copy of the fields that can be written as JSON and shown to anybody who may read the log. */
export function toLoggable(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return copyObject(fields, [fields]);
}

function copy(value: unknown, path: readonly object[]): unknown {
  if (typeof value === "string") return begin(value).replace(BEARER, `$1 ${HIDDEN}`);
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "function" || typeof value === "symbol") return String(value.toString().slice(0, 60));
  if (typeof value !== "object" || value === null) return value;
  if (path.includes(value)) return "[circular]";
  if (path.length > DEEPEST) return "[too deep]";
  const inside = [...path, value];
  if (value instanceof Error) return copyError(value, inside);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "invalid date" : value.toISOString();
  if (value instanceof Map) return copyObject(Object.fromEntries(value), inside);
  if (value instanceof Set) return [...value].slice(0, LONGEST_LIST).map((item) => copy(item, inside));
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, LONGEST_LIST).map((item) => copy(item, inside));
  return copyObject(value as Record<string, unknown>, inside);
}

function begin(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}

function copyObject(
  source: Readonly<Record<string, unknown>>,
  path: readonly object[],
): Record<string, unknown> {
  const isSecret = source.kind === "Secret";
  return Object.fromEntries(
    Object.entries(source).map(([name, value]) => [
      name,
      isHidden(name, value) || (isSecret && (name === "data" || name === "stringData"))
        ? HIDDEN
        : copy(value, path),
    ]),
  );
}

function isHidden(name: string, value: unknown): boolean {
  const tellsNothing = value === undefined || value === null || typeof value === "boolean";
  return !tellsNothing && SECRET_NAME.test(name) && !REFERENCE_NAME.test(name);
}

/** An error with what JSON leaves out: name, message, code, cause, and the stack once, on the outermost error. */
function copyError(error: Error, path: readonly object[]): Record<string, unknown> {
  const isOutermost = !path.slice(0, -1).some((parent) => parent instanceof Error);
  return {
    name: error.name,
    message: copy(error.message, path),
    ...copyObject(Object.fromEntries(Object.entries(error)), path),
    ...(error.cause === undefined ? {} : { cause: copy(error.cause, path) }),
    ...(isOutermost && error.stack ? { stack: copy(error.stack, path) } : {}),
  };
}
