// The one way a status is written: whole, through the status subresource, onto the object that was decided about.
import type { ApiClient } from "../connection/api-client.ts";
import { type ExpectedObject, testsFor } from "../json-patch.ts";
import type { RawObject } from "../objects.ts";
import { type ResourceName, resourcePath } from "../resources.ts";
import { rethrowAsConflict } from "./write-conflict.ts";

export interface StatusWrite {
  readonly resource: ResourceName;
  readonly namespace: string;
  readonly name: string;
  /** What the object must still be. */
  readonly expected: ExpectedObject;
  readonly status: object;
}

/** Returns the object as it is then. Rejects with ConflictError when it is not the expected one or is gone. */
export async function writeStatus(client: ApiClient, write: StatusWrite): Promise<RawObject> {
  const { resource, namespace, name, expected, status } = write;
  const path = resourcePath(resource, namespace, name, "status");
  try {
    return await client.jsonPatch(path, [
      ...testsFor(expected),
      { op: "add", path: "/status", value: status },
    ]);
  } catch (error) {
    return rethrowAsConflict(
      error,
      `the status of ${resource} ${namespace}/${name} was changed by another client, or the object was deleted`,
    );
  }
}
