// Tables: how `kubectl get` shows objects. CRDs say their columns themselves, built-in kinds have theirs here.
import type { Deployment, Pod, ReplicaSet, Service } from "./kinds.ts";
import { isJsonObject, type KubeObject } from "./kube-object.ts";
import type { PrinterColumn, ResourceDefinition } from "./resource-definition.ts";

type Cell = string | number | boolean | null;

interface Column extends Omit<PrinterColumn, "jsonPath"> {
  readonly cell: (object: KubeObject, now: number) => Cell;
}

const name: Column = { name: "Name", type: "string", format: "name", cell: ({ metadata }) => metadata.name };
const age: Column = {
  name: "Age",
  type: "string",
  cell: ({ metadata }, now) => ageText(metadata.creationTimestamp, now),
};

const column = <Kind extends KubeObject>(
  title: string,
  cell: (object: Kind) => Cell,
  priority = 0,
): Column => ({ name: title, type: "string", priority, cell: (object) => cell(object as Kind) });

const COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  pods: [
    column<Pod>("Ready", (pod) => {
      const statuses = pod.status.containerStatuses ?? [];
      return `${statuses.filter(({ ready }) => ready).length}/${pod.spec.containers.length}`;
    }),
    column<Pod>("Status", podState),
    column<Pod>("Restarts", ({ status }) =>
      (status.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0),
    ),
    age,
    column<Pod>("IP", ({ status }) => status.podIP ?? "<none>", 1),
    column<Pod>("Node", ({ spec }) => spec.nodeName ?? "<none>", 1),
  ],
  deployments: [
    column<Deployment>("Ready", ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas}`),
    column<Deployment>("Up-to-date", ({ status }) => status.updatedReplicas ?? 0),
    column<Deployment>("Available", ({ status }) => status.availableReplicas ?? 0),
    age,
    column<Deployment>(
      "Images",
      ({ spec }) => spec.template.spec.containers.map(({ image }) => image).join(","),
      1,
    ),
  ],
  replicasets: [
    column<ReplicaSet>("Desired", ({ spec }) => spec.replicas),
    column<ReplicaSet>("Current", ({ status }) => status.replicas),
    column<ReplicaSet>("Ready", ({ status }) => status.readyReplicas ?? 0),
    age,
  ],
  services: [
    column<Service>("Type", ({ spec }) => spec.type ?? "ClusterIP"),
    column<Service>("Cluster-IP", ({ spec }) =>
      String((spec as { clusterIP?: string }).clusterIP ?? "<none>"),
    ),
    column<Service>("Port(s)", ({ spec }) =>
      (spec.ports ?? []).map(({ port, protocol }) => `${port}/${protocol ?? "TCP"}`).join(","),
    ),
    age,
  ],
};

/** The objects as a Table. */
export function tableOf(
  resource: ResourceDefinition,
  objects: readonly KubeObject[],
  metadata: object,
  now: number,
): object {
  const own = COLUMNS[resource.id] ?? resource.printerColumns?.map(customColumn) ?? [age];
  const columns = [name, ...own];
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
      object: { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: object.metadata },
    })),
  };
}

/** Whether the client would rather have a Table. */
export function wantsTable(accept: string): boolean {
  return accept.includes("as=Table");
}

function customColumn({ jsonPath, ...column }: PrinterColumn): Column {
  return {
    ...column,
    cell: (object, now) => {
      const value = evaluatePath(object, jsonPath);
      if (value === undefined || value === null) return column.type === "date" ? "<unknown>" : "";
      if (column.type === "date") return ageText(String(value as string), now);
      if (typeof value === "object") return JSON.stringify(value);
      return value as Cell;
    },
  };
}

const STEP = /\.([^.[\]]+)|\[\?\(@\.([^=\s]+)\s*==\s*["']([^"']*)["']\)\]|\[(\d+|\*)\]|\['([^']+)'\]/g;

/** The part of JSONPath that printer columns use: fields, indexes, `[?(@.type=="Ready")]`. */
export function evaluatePath(object: unknown, path: string): unknown {
  let value = object;
  for (const [, field, filterField, filterValue, index, quoted] of path
    .replaceAll("\\.", "\u0000")
    .matchAll(STEP)) {
    if (Array.isArray(value)) {
      const items: readonly unknown[] = value;
      if (filterField !== undefined) {
        value = items.find((item) => isJsonObject(item) && item[filterField] === filterValue);
      } else value = index === "*" ? items[0] : items[Number(index)];
      continue;
    }
    const key = (field ?? quoted)?.replaceAll("\u0000", ".");
    value = isJsonObject(value) && key !== undefined ? value[key] : undefined;
  }
  return value;
}

function podState({ metadata, status }: Pod): string {
  if (metadata.deletionTimestamp !== undefined) return "Terminating";
  if (status.reason !== undefined) return status.reason;
  const init = status.initContainerStatuses ?? [];
  const blocking = init.findIndex(
    ({ state, started }) => state.terminated?.exitCode !== 0 && started !== true,
  );
  if (blocking !== -1) {
    const { waiting, terminated } = init[blocking]?.state ?? {};
    const reason = waiting?.reason ?? terminated?.reason;
    return reason === undefined || reason === "PodInitializing"
      ? `Init:${blocking}/${init.length}`
      : `Init:${reason}`;
  }
  for (const { state } of status.containerStatuses ?? []) {
    const reason = state.waiting?.reason ?? state.terminated?.reason;
    if (reason !== undefined) return reason;
  }
  return status.phase ?? "Unknown";
}

/** As kubectl shows ages: 5s, 3m10s, 4h, 2d. */
function ageText(since: string, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1_000));
  if (Number.isNaN(seconds)) return "<unknown>";
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours}h` : `${Math.floor(hours / 24)}d`;
}
