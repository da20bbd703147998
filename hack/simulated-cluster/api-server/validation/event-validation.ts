// The rules of Events, in the API server's words.
import { invalid } from "../api-error.ts";
import type { KubeObject } from "../kube-object.ts";
import type { ResourceDefinition } from "../resource-definition.ts";
import { wrong } from "./field-errors.ts";

/** Refuses an Event about an object of another namespace. */
export function validateEvent(resource: ResourceDefinition, event: KubeObject): void {
  const { namespace } = (event["involvedObject"] ?? {}) as { readonly namespace?: string };
  if (namespace === undefined || namespace === event.metadata.namespace) return;
  const fault = wrong("involvedObject.namespace", namespace, "does not match event.namespace");
  throw invalid(resource, event.metadata.name, [fault]);
}
