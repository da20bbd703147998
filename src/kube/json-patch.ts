// The part of JSON Patch (RFC 6902) that the writes use. Pure.

export type JsonPatchOperation =
  | { readonly op: "test" | "add" | "replace"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string };

/** The JSON Pointer (RFC 6901) to a place: "/metadata/annotations/rolloutguard.io~1incident". */
export function jsonPointer(...keys: readonly string[]): string {
  return keys.map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** Lets the patch apply only to the object that it was made for. */
export interface ExpectedObject {
  readonly uid?: string | undefined;
  readonly generation?: number | undefined;
  readonly resourceVersion?: string | undefined;
}

/** The `test` operations for what is expected of the object. */
export function testsFor(expected: ExpectedObject): JsonPatchOperation[] {
  return (["uid", "generation", "resourceVersion"] as const).flatMap((field) => {
    const value = expected[field];
    return value === undefined ? [] : [{ op: "test" as const, path: jsonPointer("metadata", field), value }];
  });
}
