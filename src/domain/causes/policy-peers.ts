// Whom a NetworkPolicy admits. Pure.
import type { LabelSelectorView } from "../snapshot/label-selector.ts";
import type { NetworkPolicyView } from "../snapshot/network.ts";

/** The pods of its own namespace that a policy names as callers. */
export function peersOf({ ingress }: NetworkPolicyView): readonly LabelSelectorView[] {
  return ingress.flatMap(({ from }) => from.flatMap((peer) => ("pods" in peer ? [peer.pods] : [])));
}

/** Whether a rule of the policy names no caller, and so admits all. */
export function admitsEverybody({ ingress }: NetworkPolicyView): boolean {
  return ingress.some(({ from }) => from.length === 0);
}
