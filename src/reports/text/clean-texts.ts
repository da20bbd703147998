// Texts of objects that anybody may have written, as they may be shown: nothing steers the terminal, no secret is seen.
import { withoutSecrets } from "../../domain/masking/secret-patterns.ts";
import { plainText } from "../../domain/plain-text.ts";

/**
 * The value with every text in it made plain, and without what looks like a secret. Keys stay, and so do commands, which
 * are whole or of no use: the operator makes them of names alone.
 */
export function cleaned<T>(value: T): T {
  if (typeof value === "string") return withoutSecrets(plainText(value)) as T;
  if (Array.isArray(value)) return value.map((one: unknown) => cleaned(one)) as T;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, one]: [string, unknown]) => [
    key,
    key === "patch" && typeof one === "string" ? plainText(one) : cleaned(one),
  ]);
  return Object.fromEntries(entries) as T;
}
