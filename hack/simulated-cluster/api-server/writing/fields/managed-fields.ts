// metadata.managedFields as clients see and send them.
import { badRequest } from "../../api-error.ts";
import { isJsonObject, type KubeObject } from "../../kube-object.ts";
import { type FieldOwner, ownersOf, resourceOf, sortedOwners } from "./field-owners.ts";
import type { FieldSet } from "./field-set.ts";
import { shared } from "./shared-fields.ts";
import { fieldsText } from "./tracked-content.ts";

type Content = Readonly<Record<string, unknown>>;

/** The owners of the object's fields as JSON, or nothing when it has none. */
export function managedFieldsText(object: Content): string {
  const owners = ownersOf(object);
  const resource = resourceOf(object);
  if (resource === undefined || owners.length === 0) return "";
  const entries = sortedOwners(owners).map((owner) => {
    const { manager, operation, apiVersion, at, subresource } = owner;
    const time = timeText(at);
    const head = JSON.stringify({ manager, operation, apiVersion, time, fieldsType: "FieldsV1" });
    const fields = fieldsText(resource, object, owner, owners);
    const tail = subresource === "" ? "}" : `,"subresource":${JSON.stringify(subresource)}}`;
    return `${head.slice(0, -1)},"fieldsV1":${fields}${tail}`;
  });
  return `[${entries.join(",")}]`;
}

/**
 * The owners that a client's managedFields name: undefined to keep those of the object, none to forget them all
 * (the client sends one empty entry).
 */
export function ownersFrom(
  current: KubeObject | undefined,
  managedFields: unknown,
): readonly FieldOwner[] | undefined {
  if (!Array.isArray(managedFields) || managedFields.length === 0) return undefined;
  if (current !== undefined && JSON.stringify(managedFields) === managedFieldsText(current)) {
    return undefined;
  }
  const [first] = managedFields as unknown[];
  if (managedFields.length === 1 && isJsonObject(first) && Object.keys(first).length === 0) return [];
  return managedFields.map(readEntry);
}

function readEntry(entry: unknown): FieldOwner {
  if (!isJsonObject(entry)) throw badRequest("metadata.managedFields: an entry must be an object");
  const { manager, operation, apiVersion, time, fieldsV1, subresource } = entry;
  if (operation !== "Apply" && operation !== "Update") {
    throw badRequest("metadata.managedFields: operation must be `Apply` or `Update`");
  }
  return {
    manager: textOf(manager),
    operation,
    subresource: textOf(subresource),
    apiVersion: textOf(apiVersion),
    at: Date.parse(textOf(time)) || 0,
    fields: shared(isJsonObject(fieldsV1) ? (fieldsV1 as FieldSet) : {}),
  };
}

let lastTime = { second: 0, text: "" };

/** The time to the second; most objects that are shown together were written together. */
function timeText(at: number): string {
  const second = Math.floor(at / 1_000);
  if (lastTime.second !== second) {
    lastTime = { second, text: `${new Date(at).toISOString().slice(0, 19)}Z` };
  }
  return lastTime.text;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
