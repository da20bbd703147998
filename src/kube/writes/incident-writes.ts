// Writes to Incidents: opened once, told on through their status, deleted when the history is full.
import { API_VERSION, INCIDENT_KIND, LABELS } from "../../api/group.ts";
import type { IncidentSpec, IncidentStatus } from "../../api/incident.ts";
import type { ApiClient } from "../connection/api-client.ts";
import { isAlreadyExists, isNotFound } from "../connection/api-error.ts";
import type { ExpectedObject } from "../json-patch.ts";
import type { RawObject } from "../objects.ts";
import { resourcePath } from "../resources.ts";
import { writeStatus } from "./status-write.ts";
import { rethrowAsConflict } from "./write-conflict.ts";

export interface IncidentKey {
  readonly namespace: string;
  readonly name: string;
}

const LONGEST_LABEL_VALUE = 63;

/**
 * Opens the Incident, or returns the one of that name: the name is computed from the failed rollout, so a second
 * try after a crash or a lost answer finds the first. It has no owner and outlives Deployment and guard.
 */
export async function createIncident(
  client: ApiClient,
  key: IncidentKey,
  spec: IncidentSpec,
): Promise<RawObject> {
  const { namespace, name } = key;
  try {
    return await client.create(resourcePath("incidents", namespace), {
      apiVersion: API_VERSION,
      kind: INCIDENT_KIND,
      metadata: {
        namespace,
        name,
        labels: {
          ...(spec.guard && { [LABELS.guard]: labelValue(spec.guard.name) }),
          [LABELS.target]: labelValue(spec.target.name),
        },
      },
      spec,
    });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    return client.get(resourcePath("incidents", namespace, name));
  }
}

/** Replaces the status of an Incident; see `writeStatus`. */
export function updateIncidentStatus(
  client: ApiClient,
  key: IncidentKey,
  expected: ExpectedObject,
  status: IncidentStatus,
): Promise<RawObject> {
  return writeStatus(client, { resource: "incidents", ...key, expected, status });
}

/** Deletes an Incident; that it is gone already is fine. Rejects with ConflictError when `uid` is not its uid. */
export async function deleteIncident(client: ApiClient, key: IncidentKey, uid?: string): Promise<void> {
  try {
    await client.remove(resourcePath("incidents", key.namespace, key.name), { uid });
  } catch (error) {
    if (isNotFound(error)) return;
    rethrowAsConflict(
      error,
      `Incident ${key.namespace}/${key.name} was replaced by another one of the same name and is kept`,
    );
  }
}

/** Names may be longer than label values, which must also end in a letter or digit. */
function labelValue(name: string): string {
  return name.slice(0, LONGEST_LABEL_VALUE).replace(/[^a-z0-9]+$/, "");
}
