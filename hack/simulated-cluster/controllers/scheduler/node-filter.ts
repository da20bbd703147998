// Whether a node takes a pod, and why not, in the scheduler's words. Pure.
import type { LabelRequirement, Node, Pod } from "../../api-server/kinds.ts";
import type { Texts } from "../../api-server/kube-object.ts";
import { containsLabels, matchesSelector } from "../../api-server/label-selector.ts";
import { parseQuantity } from "../../api-server/quantity.ts";
import type { NodeLoad } from "../nodes/pods-by-node.ts";
import { isTolerated, TAINT } from "../nodes/taints.ts";
import { podResources, type Resources } from "../pod-resources.ts";

/** Why a node does not take a pod. */
export interface Refusal {
  readonly reasons: readonly string[];
  /** Whether it would take the pod if others were gone. */
  readonly isForLackOfRoom: boolean;
}

const UNSCHEDULABLE = { key: TAINT.unschedulable, effect: "NoSchedule" } as const;

/** The first rule that the node breaks; undefined when it takes the pod. */
export function refusalOf(node: Node, load: NodeLoad, pod: Pod): Refusal | undefined {
  const never = (reason: string): Refusal => ({ reasons: [reason], isForLackOfRoom: false });
  if (node.spec.unschedulable && !isTolerated(pod, UNSCHEDULABLE)) return never("node(s) were unschedulable");
  const forbidding = (node.spec.taints ?? []).filter(({ effect }) => effect !== "PreferNoSchedule");
  if (!forbidding.every((taint) => isTolerated(pod, taint))) return never("node(s) had untolerated taint(s)");
  if (!isSelected(node, pod)) return never("node(s) didn't match Pod's node affinity/selector");
  return lackOfRoom(node, load, podResources(pod.spec, "requests"));
}

function lackOfRoom({ status }: Node, load: NodeLoad, requests: Resources): Refusal | undefined {
  const allocatable = (name: string) => parseQuantity(status.allocatable?.[name]);
  const reasons: string[] = [];
  if (load.pods + 1 > allocatable("pods")) reasons.push("Too many pods");
  const lacking = Object.entries(requests).filter(
    ([name, amount]) => amount > 0 && amount > allocatable(name) - (load.requested[name] ?? 0) + 1e-6,
  );
  for (const [name] of lacking) reasons.push(`Insufficient ${name}`);
  if (reasons.length === 0) return undefined;
  return { reasons, isForLackOfRoom: lacking.every(([name, amount]) => amount <= allocatable(name)) };
}

interface NodeSelectorTerm {
  readonly matchExpressions?: readonly NodeRequirement[];
  readonly matchFields?: readonly NodeRequirement[];
}

type NodeRequirement = Omit<LabelRequirement, "operator"> & {
  readonly operator: LabelRequirement["operator"] | "Gt" | "Lt";
};

interface Affinity {
  readonly nodeAffinity?: {
    readonly requiredDuringSchedulingIgnoredDuringExecution?: {
      readonly nodeSelectorTerms: readonly NodeSelectorTerm[];
    };
  };
}

function isSelected({ metadata }: Node, { spec }: Pod): boolean {
  const { labels = {}, name } = metadata;
  if (!containsLabels(spec.nodeSelector ?? {}, labels)) return false;
  const affinity = (spec["affinity"] as Affinity | undefined)?.nodeAffinity;
  const required = affinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (required === undefined) return true;
  return required.nodeSelectorTerms.some(
    ({ matchExpressions = [], matchFields = [] }) =>
      matchExpressions.length + matchFields.length > 0 &&
      matchExpressions.every((requirement) => meets(requirement, labels)) &&
      matchFields.every((requirement) => meets(requirement, { "metadata.name": name })),
  );
}

function meets({ key, operator, values = [] }: NodeRequirement, labels: Texts): boolean {
  if (operator !== "Gt" && operator !== "Lt") {
    return matchesSelector({ matchExpressions: [{ key, operator, values }] }, labels);
  }
  const [value, bound] = [Number(labels[key]), Number(values[0])];
  return operator === "Gt" ? value > bound : value < bound;
}

/** Why the pod is not even compared with nodes, as the scheduler tells it. */
export function explainBeforeNodes(nodeCount: number, reason: string): string {
  return `0/${nodeCount} nodes are available: ${reason}. not found`;
}

/** Why no node takes the pod, as the scheduler tells it. */
export function explain(refusals: readonly Refusal[]): string {
  const total = refusals.length;
  if (total === 0) return "no nodes available to schedule pods";
  const reasons = tally(refusals.flatMap((refusal) => refusal.reasons));
  const preemption = tally(
    refusals.map(({ isForLackOfRoom }) =>
      isForLackOfRoom
        ? "No preemption victims found for incoming pod"
        : "Preemption is not helpful for scheduling",
    ),
  );
  return `0/${total} nodes are available: ${reasons}. no new claims to deallocate, preemption: 0/${total} nodes are available: ${preemption}.`;
}

function tally(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts]
    .map(([text, count]) => `${count} ${text}`)
    .sort()
    .join(", ");
}
