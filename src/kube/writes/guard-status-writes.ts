// Writes to RolloutGuards: their status, nothing else. The spec belongs to people.
import type { RolloutGuardStatus } from "../../api/rollout-guard.ts";
import type { ApiClient } from "../connection/api-client.ts";
import type { ExpectedObject } from "../json-patch.ts";
import type { RawObject } from "../objects.ts";
import { writeStatus } from "./status-write.ts";

/** Replaces the status of a guard; see `writeStatus`. */
export function updateGuardStatus(
  client: ApiClient,
  guard: { readonly namespace: string; readonly name: string },
  expected: ExpectedObject,
  status: RolloutGuardStatus,
): Promise<RawObject> {
  const { namespace, name } = guard;
  return writeStatus(client, { resource: "rolloutguards", namespace, name, expected, status });
}
