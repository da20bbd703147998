// The patch types by media type.
import { ApiError, badRequest } from "./api-error.ts";
import { applyJsonPatch } from "./json-patch.ts";
import { isJsonObject, type KubeObject } from "./kube-object.ts";
import { applyMergePatch, applyStrategicMergePatch } from "./merge-patch.ts";

type Patch = (target: unknown, patch: unknown) => unknown;

/** The object after the patch. 415 for a type that the resource does not take. */
export function patched(
  object: KubeObject,
  mediaType: string,
  patch: unknown,
  isCustom: boolean,
): KubeObject {
  const result = patchOfType(mediaType, isCustom)(object, patch);
  if (!isJsonObject(result) || !isJsonObject(result["metadata"]))
    throw badRequest("the patch leaves no object");
  return result as KubeObject;
}

function patchOfType(mediaType: string, isCustom: boolean): Patch {
  const allowed = ["application/json-patch+json", "application/merge-patch+json"];
  if (!isCustom) allowed.push("application/strategic-merge-patch+json");
  if (mediaType === "application/json-patch+json") return applyJsonPatch;
  if (mediaType === "application/merge-patch+json") return applyMergePatch;
  if (mediaType === "application/strategic-merge-patch+json" && !isCustom) return applyStrategicMergePatch;
  throw new ApiError(
    415,
    "UnsupportedMediaType",
    `the body of the request was in an unknown format - accepted media types include: ${allowed.join(", ")}`,
    {},
  );
}
