// What `kubectl get nodes` shows of a node.
import type { Node } from "../../kinds.ts";
import { type KubeObject, valueAt } from "../../kube-object.ts";
import { ageText, type Cell, type Column } from "./printer-columns.ts";

const ROLE_PREFIX = "node-role.kubernetes.io/";

const nodeColumn = (name: string, cell: (node: Node, now: number) => Cell, priority = 0): Column => ({
  name,
  type: "string",
  priority,
  cell: (object: KubeObject, now) => cell(object as Node, now),
});

function stateOf({ spec, status }: Node): string {
  const ready = status.conditions?.find(({ type }) => type === "Ready");
  const state = ready === undefined ? "Unknown" : ready.status === "True" ? "Ready" : "NotReady";
  return spec?.unschedulable ? `${state},SchedulingDisabled` : state;
}

function rolesOf({ metadata }: Node): string {
  const roles = Object.keys(metadata.labels ?? {})
    .filter((label) => label.startsWith(ROLE_PREFIX))
    .map((label) => label.slice(ROLE_PREFIX.length));
  return roles.length === 0 ? "<none>" : roles.sort().join(",");
}

const addressOf =
  (wanted: string) =>
  (node: Node): string =>
    node.status.addresses?.find(({ type }) => type === wanted)?.address ?? "<none>";

const info = (node: Node, field: string): string =>
  (valueAt(node, ["status", "nodeInfo", field]) as string | undefined) || "<unknown>";

export const nodeColumns: readonly Column[] = [
  nodeColumn("Status", stateOf),
  nodeColumn("Roles", rolesOf),
  nodeColumn("Age", ({ metadata }, now) => ageText(metadata.creationTimestamp, now)),
  nodeColumn("Version", (node) => info(node, "kubeletVersion")),
  nodeColumn("Internal-IP", addressOf("InternalIP"), 1),
  nodeColumn("External-IP", addressOf("ExternalIP"), 1),
  nodeColumn("OS-Image", (node) => info(node, "osImage"), 1),
  nodeColumn("Kernel-Version", (node) => `${info(node, "kernelVersion")} (${info(node, "architecture")})`, 1),
  nodeColumn("Container-Runtime", (node) => info(node, "containerRuntimeVersion"), 1),
];
