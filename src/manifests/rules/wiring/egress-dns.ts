// Can pods whose connections are restricted still find other pods by name?
import type { Field } from "../../field.ts";
import type { LintRule, Problem } from "../../finding.ts";
import type { Inventory } from "../../inventory.ts";
import type { Manifest } from "../../manifest.ts";
import { policiesFor } from "../../network/admission.ts";
import { InferredCallers } from "../../network/callers.ts";
import type { Service } from "../../service.ts";
import type { Workload } from "../../workload.ts";

export const egressDns: LintRule = {
  id: "egress-dns",
  severity: "error",
  meaning: "NetworkPolicies let pods connect to others, and not to DNS: no name is found",
  advice:
    "Once a policy restricts egress, DNS must be allowed too: port 53 over UDP and TCP to the cluster's DNS. It is an error where a setting of the pods names a Service, and a warning otherwise. A policy that lets nothing out is meant so.",
  *run(inventory) {
    if (inventory.ofKind("networking.k8s.io", "NetworkPolicy").length === 0) return;
    const seen = new Set<Manifest>();
    for (const workload of inventory.workloads) {
      const policy = policyWithoutDns(workload, inventory);
      if (policy === undefined || seen.has(policy)) continue;
      seen.add(policy);
      const isCalled = isCalledBy(workload, InferredCallers.in(inventory));
      yield problemOf(policy, workload, inventory.services.find(isCalled));
    }
  },
};

/** The policy that restricts the workload's pods, if none of those lets DNS through. */
function policyWithoutDns({ manifest, labels }: Workload, inventory: Inventory): Manifest | undefined {
  const pod = { labels, scope: manifest.scope, namespace: manifest.namespace };
  const policies = policiesFor(pod, "egress", inventory);
  const rules = policies.flatMap((policy) => policy.root.at("spec", "egress").items());
  if (rules.some(admitsDns)) return undefined;
  return policies.find(({ root }) => root.at("spec", "egress").items().length > 0);
}

function isCalledBy({ title, manifest }: Workload, callersOf: InferredCallers) {
  return (service: Service) =>
    callersOf.of(service).some((caller) => caller.title === title && caller.scope === manifest.scope);
}

function problemOf(policy: Manifest, { title }: Workload, called: Service | undefined): Problem {
  return {
    manifest: policy,
    field: policy.root.at("spec", "egress"),
    ...(called === undefined && { severity: "warning" as const }),
    message: `NetworkPolicy ${policy.name} does not let the pods of ${title} ask DNS (port 53): ${called === undefined ? "they find nothing by name" : `they do not find ${called.title}, which a setting names`}.`,
    fix: "Add `- {to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}], ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]}` to spec.egress.",
  };
}

const DNS = 53;

/** Where somebody may have meant DNS, it counts. */
function admitsDns(rule: Field): boolean {
  const ports = rule.at("ports").items();
  const peers = rule.at("to").items();
  const isForPort =
    ports.length === 0 ||
    ports.some((port) => {
      const from = port.at("port").number;
      const isUdp = port.at("protocol").text === "UDP";
      if (!port.at("port").isThere) return isUdp;
      if (from === undefined) return /dns|domain/i.test(port.at("port").text ?? "");
      return isUdp && from <= DNS && DNS <= (port.at("endPort").number ?? from);
    });
  return isForPort && (peers.length === 0 || peers.some(isPossiblyDns));
}

/** Another namespace, unless it is named and is not the one where DNS runs; an address; pods that are called DNS. */
function isPossiblyDns(peer: Field): boolean {
  if (peer.at("ipBlock").isThere) return true;
  const names = peer.at("namespaceSelector", "matchLabels", "kubernetes.io/metadata.name");
  if (names.text !== undefined) return /^kube-system$|dns/.test(names.text);
  return (
    peer.at("namespaceSelector").isThere ||
    Object.values(peer.at("podSelector", "matchLabels").texts()).some((label) => /dns/i.test(label))
  );
}
