// Whether the content of a field has changed, of which nothing else is kept.
import { hashOf } from "../masking/fingerprints.ts";
import { canonicalJson } from "./canonical-json.ts";

/**
 * A small whole number for any JSON: equal for what the API server takes for equal. It shows that something changed, not
 * what it is. Of 31 bits, for which the engine needs no room of its own. Salted anew in every process.
 */
export function contentFingerprint(value: unknown): number {
  return hashOf(canonicalJson(value)) >>> 1;
}
