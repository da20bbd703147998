// The rules of CustomResourceDefinitions that are easily broken without noticing, in the API server's words.
import { invalid } from "../api-error.ts";
import { isJsonObject, type KubeObject, valueAt } from "../kube-object.ts";
import type { ResourceDefinition } from "../resource-definition.ts";
import { forbiddenField } from "./field-errors.ts";

/** What a schema may say of metadata: that it is an object, and what names look like. */
function saysTooMuch(metadata: unknown): boolean {
  if (!isJsonObject(metadata)) return false;
  const { type: _type, properties = {}, ...more } = metadata;
  const names = isJsonObject(properties) ? Object.keys(properties) : [];
  return Object.keys(more).length > 0 || names.some((name) => name !== "name" && name !== "generateName");
}

/** Refuses a CRD whose schema describes metadata, which is the server's own. */
export function validateCrd(resource: ResourceDefinition, crd: KubeObject): void {
  const versions = valueAt(crd, ["spec", "versions"]);
  const path = ["schema", "openAPIV3Schema", "properties", "metadata"];
  if (!Array.isArray(versions) || !versions.some((version) => saysTooMuch(valueAt(version, path)))) return;
  throw invalid(resource, crd.metadata.name, [
    forbiddenField(
      "spec.validation.openAPIV3Schema.properties[metadata]",
      "must not specify anything other than name and generateName, but metadata is implicitly specified",
    ),
  ]);
}
