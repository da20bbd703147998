// Which of the nodes that take a pod gets it: the one with the fewest pods of its kind, then the emptiest. Pure.
import type { Node, Pod } from "../../api-server/kinds.ts";
import { controllerOf } from "../../api-server/kube-object.ts";
import { parseQuantity } from "../../api-server/quantity.ts";
import type { NodeLoad } from "../nodes/pods-by-node.ts";

/** What a pod that asks for nothing is taken to need. */
const ASSUMED = { cpu: 0.1, memory: 200 * 2 ** 20 };

export interface Candidate {
  readonly node: Node;
  readonly load: NodeLoad;
}

/** The best candidate; among equals the one after the last choice, so that they take turns. */
export function chooseNode(candidates: readonly Candidate[], pod: Pod, turn: number): Node | undefined {
  const controller = controllerOf(pod)?.uid ?? "";
  const rated = candidates.map(({ node, load }, i) => ({
    node,
    kin: load.byController.get(controller) ?? 0,
    usage: usageOf(node, load),
    turn: (i - turn + candidates.length * (1 + Math.floor(turn / candidates.length))) % candidates.length,
  }));
  rated.sort((a, b) => a.kin - b.kin || a.usage - b.usage || a.turn - b.turn);
  return rated[0]?.node;
}

/** The share of the node that is asked for, from 0 to 1, to a thousandth. */
function usageOf({ status }: Node, { pods, requested }: NodeLoad): number {
  const share = (name: "cpu" | "memory") =>
    Math.max(requested[name] ?? 0, pods * ASSUMED[name]) / (parseQuantity(status.allocatable?.[name]) || 1);
  return Math.round(((share("cpu") + share("memory")) / 2) * 1_000) / 1_000;
}
