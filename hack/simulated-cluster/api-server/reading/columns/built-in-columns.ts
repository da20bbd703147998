// The columns that `kubectl get` shows of built-in kinds, as a Kubernetes v1.36 server defines them.

import type {
  DataObject,
  Deployment,
  EndpointSlice,
  Endpoints,
  Pod,
  ReplicaSet,
  Service,
} from "../../kinds.ts";
import { isJsonObject, type KubeObject, type Texts, valueAt } from "../../kube-object.ts";
import { selectorText } from "../../label-selector.ts";
import { endpointsText, servicePortsText, sliceAddressesText, slicePortsText } from "./endpoint-cells.ts";
import { eventColumns } from "./event-columns.ts";
import { nodeColumns } from "./node-columns.ts";
import { podSummary, readinessGates } from "./pod-columns.ts";
import { ageText, type Cell, type Column } from "./printer-columns.ts";

const NONE = "<none>";

export const NAME: Column = {
  name: "Name",
  type: "string",
  format: "name",
  cell: ({ metadata }) => metadata.name,
};

/** What a resource shows beside its name when nothing else is known of it. */
export const AGE: Column = {
  name: "Age",
  type: "string",
  cell: ({ metadata }, now) => ageText(metadata.creationTimestamp, now),
};

const CREATED_AT: Column = {
  name: "Created At",
  type: "date",
  cell: ({ metadata }) => metadata.creationTimestamp,
};

/** A column; with priority 1, for `-o wide` only. */
function column<Kind extends KubeObject>(
  name: string,
  cell: (object: Kind, now: number) => Cell,
  { priority = 0, type = "string" } = {},
): Column {
  return { name, type, priority, cell: (object, now) => cell(object as Kind, now) };
}

const WIDE = { priority: 1 };
const INTEGER = { type: "integer" };

/** Containers, images and selector of a Deployment or ReplicaSet. */
const workloadColumns: readonly Column[] = [
  column<Deployment>("Containers", ({ spec }) => joined(spec.template.spec.containers, "name"), WIDE),
  column<Deployment>("Images", ({ spec }) => joined(spec.template.spec.containers, "image"), WIDE),
  column<Deployment>("Selector", ({ spec }) => selectorText(spec.selector) || NONE, WIDE),
];

function joined(containers: readonly { name: string; image: string }[], field: "name" | "image"): string {
  return containers.map((container) => container[field]).join(",");
}

function sizeOf(...fields: readonly unknown[]): number {
  return fields.reduce<number>(
    (sum, field) => sum + (isJsonObject(field) ? Object.keys(field).length : 0),
    0,
  );
}

/** The names of the subjects of this kind, as role bindings show them. */
function subjectsOf(kind: string) {
  return ({ subjects }: KubeObject): string => {
    const all = Array.isArray(subjects)
      ? (subjects as { kind: string; name: string; namespace?: string }[])
      : [];
    const found = all.filter((subject) => subject.kind === kind);
    return found
      .map(({ name, namespace }) => (namespace === undefined ? name : `${namespace}/${name}`))
      .join(", ");
  };
}

/** "cpu: 1/2, pods: 3/10" of the resources that are meant. */
function usageText(quota: KubeObject, isMeant: (name: string) => boolean): string {
  const [hard, used] = ["hard", "used"].map(
    (field) => valueAt(quota, ["status", field]) as Texts | undefined,
  );
  const names = Object.keys(hard ?? {})
    .filter(isMeant)
    .sort();
  return names.map((name) => `${name}: ${used?.[name] ?? "0"}/${hard?.[name]}`).join(", ");
}

const bindingColumns: readonly Column[] = [
  column("Role", ({ roleRef }) => {
    const { kind, name } = roleRef as { kind: string; name: string };
    return `${kind}/${name}`;
  }),
  AGE,
  column("Users", subjectsOf("User"), WIDE),
  column("Groups", subjectsOf("Group"), WIDE),
  column("ServiceAccounts", subjectsOf("ServiceAccount"), WIDE),
];

const serviceField = (field: string) => (service: KubeObject) => valueAt(service, ["spec", field]);

/** By id of the resource; without the name, which comes first unless a column is named so. */
export const BUILT_IN_COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  pods: [
    column<Pod>("Ready", (pod, now) => podSummary(pod, now).ready),
    column<Pod>("Status", (pod, now) => podSummary(pod, now).state),
    column<Pod>("Restarts", (pod, now) => podSummary(pod, now).restarts),
    AGE,
    column<Pod>("IP", ({ status }) => status.podIP ?? NONE, WIDE),
    column<Pod>("Node", ({ spec }) => spec.nodeName ?? NONE, WIDE),
    column<Pod>("Nominated Node", () => NONE, WIDE),
    column<Pod>("Readiness Gates", readinessGates, WIDE),
  ],
  deployments: [
    column<Deployment>("Ready", ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas}`),
    column<Deployment>("Up-to-date", ({ status }) => status.updatedReplicas ?? 0),
    column<Deployment>("Available", ({ status }) => status.availableReplicas ?? 0),
    AGE,
    ...workloadColumns,
  ],
  replicasets: [
    column<ReplicaSet>("Desired", ({ spec }) => spec.replicas, INTEGER),
    column<ReplicaSet>("Current", ({ status }) => status.replicas, INTEGER),
    column<ReplicaSet>("Ready", ({ status }) => status.readyReplicas ?? 0, INTEGER),
    AGE,
    ...workloadColumns,
  ],
  services: [
    column<Service>("Type", ({ spec }) => spec.type ?? "ClusterIP"),
    column("Cluster-IP", (service) => (serviceField("clusterIP")(service) as string | undefined) ?? NONE),
    column("External-IP", (service) => {
      const addresses = serviceField("externalIPs")(service) as readonly string[] | undefined;
      if (serviceField("type")(service) === "LoadBalancer") return "<pending>";
      return addresses?.join(",") || ((serviceField("externalName")(service) as string | undefined) ?? NONE);
    }),
    column<Service>("Port(s)", servicePortsText),
    AGE,
    column<Service>("Selector", ({ spec }) => selectorText({ matchLabels: spec.selector }) || NONE, WIDE),
  ],
  endpoints: [column<Endpoints>("Endpoints", endpointsText), AGE],
  endpointslices: [
    column<EndpointSlice>("AddressType", ({ addressType }) => addressType),
    column<EndpointSlice>("Ports", slicePortsText),
    column<EndpointSlice>("Endpoints", sliceAddressesText),
    AGE,
  ],
  events: eventColumns,
  nodes: nodeColumns,
  namespaces: [
    column("Status", (object) => (valueAt(object, ["status", "phase"]) as string | undefined) ?? ""),
    AGE,
  ],
  secrets: [
    column("Type", ({ type }) => (type as string | undefined) ?? ""),
    column<DataObject>("Data", ({ data }) => sizeOf(data)),
    AGE,
  ],
  configmaps: [column<DataObject>("Data", ({ data, binaryData }) => sizeOf(data, binaryData)), AGE],
  serviceaccounts: [AGE],
  limitranges: [CREATED_AT],
  resourcequotas: [
    column("Request", (quota) => usageText(quota, (name) => !name.startsWith("limits."))),
    column("Limit", (quota) => usageText(quota, (name) => name.startsWith("limits."))),
    AGE,
  ],
  leases: [
    column("Holder", (lease) => (valueAt(lease, ["spec", "holderIdentity"]) as string | undefined) ?? ""),
    AGE,
  ],
  roles: [CREATED_AT],
  clusterroles: [CREATED_AT],
  rolebindings: bindingColumns,
  clusterrolebindings: bindingColumns,
  customresourcedefinitions: [CREATED_AT],
};
