// Annotations set one by one in a JSON Patch, so that everybody else's stay. Pure.
import { type JsonPatchOperation, jsonPointer } from "../json-patch.ts";
import { asObject, isObject, type RawObject } from "../objects.ts";

/** undefined: the annotation must go. */
export type AnnotationsToSet = Readonly<Record<string, string | undefined>>;

/** The operations for the object as it was just read; the patch must also say by a test that it is still the same one. */
export function annotationOperations(object: RawObject, wanted: AnnotationsToSet): JsonPatchOperation[] {
  const metadata = asObject(object.metadata);
  const current = metadata.annotations;
  if (!isObject(current)) {
    // Adding the whole map would overwrite one that somebody else adds at this moment. Kubernetes counts that as a
    // generation of a Deployment, which is nowhere promised.
    return [
      { op: "test", path: "/metadata/resourceVersion", value: metadata.resourceVersion },
      { op: "add", path: "/metadata/annotations", value: withoutUndefined(wanted) },
    ];
  }
  return Object.entries(wanted).flatMap(([name, value]): JsonPatchOperation[] => {
    const path = jsonPointer("metadata", "annotations", name);
    if (value !== undefined) return [{ op: "add", path, value }];
    return Object.hasOwn(current, name) ? [{ op: "remove", path }] : [];
  });
}

function withoutUndefined(wanted: AnnotationsToSet): Readonly<Record<string, string>> {
  const entries = Object.entries(wanted);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
