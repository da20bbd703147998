// Tables: how `kubectl get` shows objects. CRDs say their columns themselves, built-in kinds have theirs.

import type { KubeObject } from "../kube-object.ts";
import type { ResourceDefinition } from "../resource-definition.ts";
import { AGE, BUILT_IN_COLUMNS, NAME } from "./columns/built-in-columns.ts";
import { type Column, customColumn } from "./columns/printer-columns.ts";

/** Whether the client would rather have a Table. */
export function wantsTable(accept: string): boolean {
  return accept.includes("as=Table");
}

/** What of its object a row of a Table carries; `kubectl get --sort-by` asks for all of it. */
export type RowObject = "Object" | "Metadata" | "None";

/** What the client wants rows to carry. */
export function rowObjectOf(query: URLSearchParams): RowObject {
  const wanted = query.get("includeObject");
  return wanted === "Object" || wanted === "None" ? wanted : "Metadata";
}

/** The objects as a Table. */
export function tableOf(
  resource: ResourceDefinition,
  objects: readonly KubeObject[],
  metadata: object,
  now: number,
  rowObject: RowObject = "Metadata",
): object {
  const columns = columnsOf(resource);
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata,
    columnDefinitions: columns.map(({ name: title, type, format = "", description = "", priority = 0 }) => ({
      name: title,
      type,
      format,
      description,
      priority,
    })),
    rows: objects.map((object) => ({
      cells: columns.map(({ cell }) => cell(object, now)),
      ...carried(object, rowObject),
    })),
  };
}

function carried(object: KubeObject, rowObject: RowObject): { readonly object?: object } {
  if (rowObject === "Object") return { object };
  if (rowObject === "None") return {};
  const { metadata } = object;
  return { object: { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata } };
}

function columnsOf({ id, printerColumns }: ResourceDefinition): readonly Column[] {
  const own = BUILT_IN_COLUMNS[id] ?? printerColumns?.map(customColumn) ?? [AGE];
  return own.some(({ name }) => name === NAME.name) ? own : [NAME, ...own];
}
