// A further cause: nothing changed about who is admitted, and it would still be in the way when the Service has endpoints
// again. Pure.
import { networkIn } from "../questions/network-policies.ts";
import { selects } from "../rollout/services.ts";
import type { NeighbourView, NetworkPolicyView } from "../snapshot/network.ts";
import type { Case, Classifier } from "./cause.ts";
import { kubectlPatch } from "./kubectl-patch.ts";
import { admits, isolating, namesOf, podsText, policyLines } from "./network-admission.ts";
import { admitsEverybody, peersOf } from "./policy-peers.ts";

export const callersNotAdmitted: Classifier = {
  recognises: ["NetworkPolicyBlocks"],
  explains: ["EmptyEndpoints"],
  classify: (of) => {
    const { snapshot, revision, baseline, services } = of.rollout;
    const after = revision.template.labels;
    const { policies, neighbours } = networkIn(snapshot) ?? { policies: [], neighbours: [] };
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
    const isNoneAdmitted = neighbours.every((neighbour) => !admits(present, neighbour.labels));
    const named = callers.length > 0 ? callers : out;
    const [first] = named;
    const admitted =
      present
        .flatMap((each) => peersOf(each).map(podsText))
        .slice(0, 3)
        .join(" or ") || "nobody";
    const reason =
      callers.length > 0
        ? ` (${named.length === 1 ? "its" : "their"} settings name Service ${callers[0]?.namesService})`
        : "";
    return {
      class: "NetworkPolicyBlocks",
      certainty: callers.length > 0 || isNoneAdmitted ? "Likely" : "Unknown",
      message: `NetworkPolicy ${policy.name} allows only pods with ${admitted}: it blocks ${namesOf(named)}${reason} even when the Service has endpoints again${callers.length > 0 || isNoneAdmitted ? "" : ", if they call the Service"}.`,
      evidence: policyLines(present),
      remedy: `Allow ${first ? `Deployment ${first.name}` : "the callers"} in NetworkPolicy ${policy.name}, or route its calls through pods that are allowed.`,
      patch: first && patchToAdmit(of, policy, first),
    };
  },
};

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
