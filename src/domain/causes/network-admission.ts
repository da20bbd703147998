// Who may call whom by the namespace's NetworkPolicies. Only what is known of the namespace's own pods counts; other
// namespaces and addresses count as admitted. Pure.
import type { FindingReason } from "../../api/reasons.ts";
import { type Labels, matchesSelector, selectorText } from "../labels.ts";
import type { LabelSelectorView } from "../snapshot/label-selector.ts";
import type { NeighbourView, NetworkPolicyView } from "../snapshot/network.ts";
import { admitsEverybody, peersOf } from "./policy-peers.ts";

/** The reasons of findings behind which a policy can be. */
export const NETWORK_REASONS: readonly FindingReason[] = [
  "EmptyEndpoints",
  "CrashLooping",
  "InitContainerFailing",
  "NotReady",
  "Degraded",
];

/** The policies that decide who may call pods with these labels; with none everybody may. */
export function isolating(
  policies: readonly NetworkPolicyView[],
  labels: Labels,
): readonly NetworkPolicyView[] {
  return policies.filter(({ pods, restrictsIngress }) => restrictsIngress && matchesSelector(pods, labels));
}

/** Policies add up: one that admits is enough. */
export function admits(policies: readonly NetworkPolicyView[], caller: Labels): boolean {
  if (policies.length === 0) return true;
  return policies.some((policy) =>
    policy.ingress.some(
      ({ from }) =>
        from.length === 0 || from.some((peer) => !("pods" in peer) || matchesSelector(peer.pods, caller)),
    ),
  );
}

/** "Deployments a, b and 2 more" */
export function namesOf(neighbours: readonly NeighbourView[]): string {
  const names = neighbours.slice(0, 3).map(({ name }) => name);
  const more = neighbours.length - names.length;
  return `${neighbours.length === 1 ? "Deployment" : "Deployments"} ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** What each policy is about and whom it admits, a line a policy. */
export function policyLines(policies: readonly NetworkPolicyView[]): readonly string[] {
  return policies.slice(0, 3).map((policy) => {
    const from =
      peersOf(policy).map(podsText).join(" or ") ||
      (admitsEverybody(policy) ? "all callers" : "no caller of this namespace");
    return `NetworkPolicy ${policy.name}: selects pods with ${podsText(policy.pods)}, allows ${from}`;
  });
}

/** "app=web,tier in (a, b)" */
export function podsText(selector: LabelSelectorView): string {
  return selectorText(selector) || "any labels";
}
