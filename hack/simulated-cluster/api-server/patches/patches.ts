// The patch types by media type.
import { ApiError, badRequest } from "../api-error.ts";
import { isJsonObject, type KubeObject } from "../kube-object.ts";
import type { ResourceDefinition } from "../resource-definition.ts";
import { typeOfResource } from "../writing/fields/tracked-content.ts";
import { applyJsonPatch } from "./json-patch.ts";
import { applyMergePatch } from "./merge-patch.ts";
import { applyStrategicMergePatch } from "./strategic-merge-patch.ts";

/** The media type of server-side apply. */
export const APPLY_PATCH = "application/apply-patch+yaml";

const JSON_PATCH = "application/json-patch+json";
const MERGE_PATCH = "application/merge-patch+json";
const STRATEGIC_MERGE_PATCH = "application/strategic-merge-patch+json";

/** The object after the patch. 415 for a type that the resource does not take; applying is done elsewhere. */
export function patched(
  resource: ResourceDefinition,
  object: KubeObject,
  mediaType: string,
  patch: unknown,
): KubeObject {
  if (mediaType !== JSON_PATCH && Array.isArray(patch)) {
    const why = "json: cannot unmarshal array into Go value of type map[string]interface {}";
    throw badRequest(`error decoding patch: ${why}`);
  }
  const result = patchedValue(resource, object, mediaType, patch);
  if (!isJsonObject(result) || !isJsonObject(result["metadata"])) {
    throw badRequest("the patch leaves no object");
  }
  return result as KubeObject;
}

function patchedValue(
  resource: ResourceDefinition,
  object: KubeObject,
  mediaType: string,
  patch: unknown,
): unknown {
  if (mediaType === JSON_PATCH) return applyJsonPatch(object, patch);
  if (mediaType === MERGE_PATCH) return applyMergePatch(object, patch);
  if (mediaType === STRATEGIC_MERGE_PATCH && !resource.isCustom) {
    return applyStrategicMergePatch(typeOfResource(resource), object, patch);
  }
  throw unknownMediaType(resource);
}

/** 415, with the media types that the resource takes. */
export function unknownMediaType({ isCustom }: Pick<ResourceDefinition, "isCustom">): ApiError {
  const strategic = isCustom ? [] : [STRATEGIC_MERGE_PATCH];
  const accepted = [JSON_PATCH, MERGE_PATCH, ...strategic, APPLY_PATCH].join(", ");
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted}`;
  return new ApiError(415, "UnsupportedMediaType", message, {});
}
