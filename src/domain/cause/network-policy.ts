// NetworkPolicies that shut out callers: by labels that the rollout changed on either side, or as they are. Pure.
import {
  hasLabels,
  type Labels,
  labelPairs,
  matchesSelector,
  missingLabels,
  selectorText,
} from "../labels.ts";
import { rolloutOf } from "../rollout/rollout.ts";
import { selects } from "../rollout/services.ts";
import type { LabelSelectorView } from "../snapshot/label-selector.ts";
import type { NeighbourView, NetworkPolicyView } from "../snapshot/network.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Case, Cause } from "./cause.ts";
import { kubectlPatch, patchOfTemplate } from "./kubectl-patch.ts";
import { admitsEverybody, peersOf } from "./policy-peers.ts";

/**
 * Whether the policies of the namespace could tell the cause: only a rollout that changed labels can have changed what
 * they admit.
 */
export function asksForPolicies(snapshot: Snapshot, now: number): boolean {
  const { baseline, revision } = rolloutOf(snapshot, now) ?? {};
  if (!baseline || !revision) return false;
  const [before, after] = [baseline.template.labels, revision.template.labels];
  return !hasLabels(before, after) || !hasLabels(after, before);
}

/**
 * The policies that stand between callers and pods: asked where labels changed or a Service has lost its endpoints.
 * Only what is known of the namespace's own pods is told; other namespaces and addresses count as admitted.
 */
export function networkPolicies(of: Case): readonly Cause[] {
  const { snapshot, revision, baseline } = of.rollout;
  if (!snapshot.network) return [];
  const after = revision.template.labels;
  const found = baseline
    ? [shutsOutCallers(of, baseline.template.labels, after), isShutOut(of, baseline.template.labels, after)]
    : [];
  const certain = found.flatMap((cause) => cause ?? []);
  if (certain.length > 0) return certain;
  const suspect = of.finding.reason === "EmptyEndpoints" ? admitsFew(of, after) : undefined;
  return suspect ? [suspect] : [];
}

/** The target's side: who could call the pods before, and cannot call the new ones. */
function shutsOutCallers(of: Case, before: Labels, after: Labels): Cause | undefined {
  const { policies, neighbours } = of.rollout.snapshot.network ?? { policies: [], neighbours: [] };
  const [former, present] = [isolating(policies, before), isolating(policies, after)];
  const lost = neighbours.filter(({ labels }) => admits(former, labels) && !admits(present, labels));
  const [first] = lost;
  const blocking = present.find((policy) => !former.includes(policy)) ?? present[0];
  if (!first || !blocking) return undefined;
  const admitting = former.find((policy) => admits([policy], first.labels));
  const lostLabels =
    admitting && matchesSelector(admitting.pods, before) ? missingLabels(after, admitting.pods.labels) : {};
  const missing = labelPairs(lostLabels).join(", ");
  const why =
    missing !== ""
      ? `the new pods lost ${missing}, by which NetworkPolicy ${admitting?.name} admits them`
      : `the new labels put the pods under NetworkPolicy ${blocking.name}`;
  return {
    class: "NetworkPolicyBlocks",
    certainty: "Certain",
    message: `${namesOf(lost)} cannot call the new pods any more: ${why}.`,
    evidence: policyLines([...new Set([...(admitting ? [admitting] : []), blocking])]),
    remedy:
      missing !== ""
        ? `Put ${missing} back into the labels of the pod template.`
        : `Let NetworkPolicy ${blocking.name} admit ${namesOf(lost)}, or take back the change of labels.`,
    patch: missing === "" ? undefined : patchOfTemplate(of.rollout, { metadata: { labels: lostLabels } }),
  };
}

/** The caller's side: policies that admitted these pods by a label that they lost. */
function isShutOut(of: Case, before: Labels, after: Labels): Cause | undefined {
  const { policies } = of.rollout.snapshot.network ?? { policies: [] };
  const own = (policy: NetworkPolicyView) =>
    matchesSelector(policy.pods, after) && matchesSelector(policy.pods, before);
  const lost = policies.filter(
    (policy) =>
      policy.restrictsIngress && !own(policy) && admits([policy], before) && !admits([policy], after),
  );
  const [first] = lost;
  if (!first) return undefined;
  const peer = peersOf(first).find((pods) => matchesSelector(pods, before));
  const lostLabels = peer ? missingLabels(after, peer.labels) : {};
  const missing = labelPairs(lostLabels).join(", ");
  return {
    class: "NetworkPolicyBlocks",
    certainty: "Certain",
    message: `The new pods cannot call those of NetworkPolicy ${first.name} any more: it admits pods with ${peer ? podsText(peer) : "other labels"}, which they are no longer${lost.length > 1 ? `; the same of ${lost.length - 1} more` : ""}.`,
    evidence: policyLines(lost),
    remedy:
      missing !== ""
        ? `Put ${missing} back into the labels of the pod template.`
        : `Let NetworkPolicy ${first.name} admit the new labels.`,
    patch: missing === "" ? undefined : patchOfTemplate(of.rollout, { metadata: { labels: lostLabels } }),
  };
}

/** Nothing changed about who is admitted, and it would still be in the way when the Service has endpoints again. */
function admitsFew(of: Case, after: Labels): Cause | undefined {
  const { snapshot, baseline, services } = of.rollout;
  const { policies, neighbours } = snapshot.network ?? { policies: [], neighbours: [] };
  // The pods as the Service wants them: mending the selector brings them under policies of those labels.
  const wanted = services.find((service) => !selects(service, after));
  const labels = wanted ? { ...after, ...wanted.selector } : (baseline?.template.labels ?? after);
  const present = isolating(policies, labels);
  const [policy] = present;
  if (!policy || present.some((each) => peersOf(each).length === 0 && admitsEverybody(each)))
    return undefined;
  const out = neighbours.filter((neighbour) => !admits(present, neighbour.labels));
  if (out.length === 0) return undefined;
  const callers = out.filter(({ namesService }) => namesService !== undefined);
  const isNobodyIn = neighbours.every((neighbour) => !admits(present, neighbour.labels));
  const told = callers.length > 0 ? callers : out;
  const [first] = told;
  const admitted =
    present
      .flatMap((each) => peersOf(each).map(podsText))
      .slice(0, 3)
      .join(" or ") || "nobody";
  const reason =
    callers.length > 0
      ? ` (${told.length === 1 ? "its" : "their"} settings name Service ${callers[0]?.namesService})`
      : "";
  return {
    class: "NetworkPolicyBlocks",
    certainty: callers.length > 0 || isNobodyIn ? "Likely" : "Unknown",
    message: `NetworkPolicy ${policy.name} admits only pods with ${admitted}: ${namesOf(told)}${reason} ${told.length === 1 ? "is" : "are"} shut out even when the Service has endpoints again${callers.length > 0 || isNobodyIn ? "" : ", if they call it"}.`,
    evidence: policyLines(present),
    remedy: `Let callers go by way of those that are admitted, or admit ${first ? `Deployment ${first.name}` : "them"} in NetworkPolicy ${policy.name}.`,
    patch: first && patchToAdmit(of, policy, first),
  };
}

function patchToAdmit(of: Case, policy: NetworkPolicyView, { labels }: NeighbourView): string | undefined {
  const [key] = ["app", "app.kubernetes.io/name", "k8s-app", ...Object.keys(labels)].filter((label) =>
    Object.hasOwn(labels, label),
  );
  const index = policy.ingress.findIndex(({ from }) => from.length > 0);
  if (key === undefined || index < 0) return undefined;
  const value = { podSelector: { matchLabels: { [key]: labels[key] } } };
  return kubectlPatch(
    { kind: "networkpolicy", name: policy.name, namespace: of.rollout.snapshot.guard.namespace },
    "json",
    [{ op: "add", path: `/spec/ingress/${index}/from/-`, value }],
  );
}

/** The policies that decide who may call pods with these labels; with none everybody may. */
function isolating(policies: readonly NetworkPolicyView[], labels: Labels): readonly NetworkPolicyView[] {
  return policies.filter(({ pods, restrictsIngress }) => restrictsIngress && matchesSelector(pods, labels));
}

/** Policies add up: one that admits is enough. */
function admits(policies: readonly NetworkPolicyView[], caller: Labels): boolean {
  if (policies.length === 0) return true;
  return policies.some((policy) =>
    policy.ingress.some(
      ({ from }) =>
        from.length === 0 || from.some((peer) => !("pods" in peer) || matchesSelector(peer.pods, caller)),
    ),
  );
}

function namesOf(neighbours: readonly NeighbourView[]): string {
  const names = neighbours.slice(0, 3).map(({ name }) => name);
  const more = neighbours.length - names.length;
  return `${neighbours.length === 1 ? "Deployment" : "Deployments"} ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function policyLines(policies: readonly NetworkPolicyView[]): readonly string[] {
  return policies.slice(0, 3).map((policy) => {
    const from =
      peersOf(policy).map(podsText).join(" or ") ||
      (admitsEverybody(policy) ? "everybody" : "nobody of this namespace");
    return `NetworkPolicy ${policy.name}: about pods with ${podsText(policy.pods)}, admits ${from}`;
  });
}

function podsText(selector: LabelSelectorView): string {
  return selectorText(selector) || "any labels";
}
