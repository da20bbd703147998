// The lint rule `api-server` for the simulated API server: what `lint` says is refused, is refused.
import type { FieldError, FurtherRules } from "@rolloutguard/simulated-cluster";
import type { Refusal } from "../src/manifests/api-server/refusal.ts";
import { validationRefusals } from "../src/manifests/api-server/validation-refusals.ts";
import { Field } from "../src/manifests/field.ts";
import { manifestOf } from "../src/manifests/manifest.ts";

const ORIGIN = { source: "cluster", placesOf: () => [] };

export const kubernetesRules: FurtherRules = (object) => {
  const manifest = manifestOf(new Field(object, ORIGIN));
  return manifest === undefined ? [] : validationRefusals(manifest).map(faultOf);
};

const REASONS: readonly (readonly [start: string, FieldError["reason"]])[] = [
  ["Required value", "FieldValueRequired"],
  ["Forbidden", "FieldValueForbidden"],
  ["Duplicate value", "FieldValueDuplicate"],
  ["Not found", "FieldValueNotFound"],
  ["Unsupported value", "FieldValueNotSupported"],
];

/** A refusal says the path, a colon and why. */
function faultOf({ says }: Refusal): FieldError {
  const colon = says.indexOf(": ");
  const message = says.slice(colon + 2);
  const reason = REASONS.find(([start]) => message.startsWith(start))?.[1] ?? "FieldValueInvalid";
  return { field: says.slice(0, colon), reason, message };
}
