// The pod-template-hash of a template: the same for the same content, in the alphabet of real ones.
import type { PodTemplate } from "../../api-server/kinds.ts";
import { isJsonObject } from "../../api-server/kube-object.ts";
import { NAME_CHARACTERS } from "../../random.ts";

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** The hash; a collision count gives another one, when the first is taken by a different template. */
export function templateHash(template: PodTemplate, collisionCount = 0): string {
  const text = `${canonical(template)}${collisionCount > 0 ? collisionCount : ""}`;
  let hash = FNV_OFFSET;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME) >>> 0;
  const digits = String(hash).split("");
  return digits.map((digit) => NAME_CHARACTERS.charAt(digit.charCodeAt(0) % NAME_CHARACTERS.length)).join("");
}

/** JSON with sorted fields and without undefined ones. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const fields = Object.keys(value)
    .filter((field) => value[field] !== undefined)
    .sort();
  return `{${fields.map((field) => `${JSON.stringify(field)}:${canonical(value[field])}`).join(",")}}`;
}
