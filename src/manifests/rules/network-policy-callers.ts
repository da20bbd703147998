// Do NetworkPolicies let in those who call a Service?
import { type Labels, labelsText } from "../../domain/labels.ts";
import { CALLERS } from "../annotations.ts";
import type { LintRule, Problem } from "../finding.ts";
import type { Inventory } from "../inventory.ts";
import type { Manifest } from "../manifest.ts";
import { nearestMiss } from "../nearest-workload.ts";
import { admission, type Direction, type Peer, policiesFor, type WantedPort } from "../network/admission.ts";
import { type Caller, declaredCallers, InferredCallers } from "../network/callers.ts";
import type { Service } from "../service.ts";
import { lastingContainers, type Workload } from "../workload.ts";

export const networkPolicyCallers: LintRule = {
  id: "network-policy-callers",
  severity: "error",
  meaning: `A NetworkPolicy refuses who calls a Service, by the annotation ${CALLERS} or by an address in its settings`,
  advice:
    "Packets that no policy admits are dropped: the caller sees a timeout, and the pods see nothing. Callers are those that an annotation or --callers names, and workloads whose variables, arguments or ConfigMaps hold the Service's address. Policies of both ends are checked. Where an address block or the labels of an unknown namespace decide, nothing is said. A setting that is just the Service's name is a warning.",
  *run(inventory, { callers }) {
    if (inventory.ofKind("networking.k8s.io", "NetworkPolicy").length === 0) return;
    const callersOf = InferredCallers.in(inventory);
    for (const service of inventory.services) {
      const target = targetOf(service, inventory);
      if (target === undefined) continue;
      const declared = declaredCallers(service, inventory, callers[service.manifest.name]);
      const inferred = callersOf
        .of(service)
        .filter(({ title }) => !declared.some((caller) => caller.title === title));
      for (const caller of [...declared, ...inferred]) {
        if (!caller.isHere) {
          yield unknownCaller(service, caller);
          continue;
        }
        yield* judge("ingress", service, target, caller, inventory);
        yield* judge("egress", service, target, caller, inventory);
      }
    }
  },
};

function unknownCaller({ manifest, title }: Service, caller: Caller): Problem {
  const annotation = manifest.root.at("metadata", "annotations", CALLERS);
  return {
    manifest,
    field: annotation,
    severity: "warning",
    message: `${title} is declared to be called by ${caller.title}, which is not among these manifests.`,
    fix: "Write the name of a workload, or its labels, such as `app=web`.",
  };
}

/** The pods behind the Service; those that it probably means when it selects none. */
function targetOf(service: Service, inventory: Inventory): Workload | undefined {
  return (
    inventory.servedBy(service)[0] ??
    nearestMiss(service, inventory.otherWorkloads(service.manifest))?.workload
  );
}

function* judge(
  direction: Direction,
  service: Service,
  target: Workload,
  caller: Caller,
  inventory: Inventory,
): Iterable<Problem> {
  const called: Peer = {
    labels: target.labels,
    scope: target.manifest.scope,
    namespace: target.manifest.namespace,
  };
  const [restricted, other] = direction === "ingress" ? [called, caller] : [caller, called];
  const policies = policiesFor(restricted, direction, inventory);
  const [policy] = policies;
  if (policy === undefined) return;
  const ports = wantedPorts(service, target);
  const answers = (ports.length > 0 ? ports : [undefined]).map((port) =>
    admission(policies, direction, restricted, other, port, inventory),
  );
  if (answers.some((answer) => answer !== "refused")) return;
  const severity = caller.confidence === "likely" ? ({ severity: "warning" } as const) : {};
  yield { ...tell(direction, policies, policy, service, target, caller), ...severity };
}

function tell(
  direction: Direction,
  policies: readonly Manifest[],
  policy: Manifest,
  service: Service,
  target: Workload,
  caller: Caller,
): Problem {
  const names = policies.map(({ name }) => name).join(", ");
  const who = policies.length === 1 ? `NetworkPolicy ${names} does` : `The NetworkPolicies ${names} do`;
  const isIngress = direction === "ingress";
  const what = isIngress
    ? `not let ${caller.title} (${labelsText(caller.labels) || "no labels"}) reach the pods of ${target.title}`
    : `not let ${caller.title} connect to the pods of ${target.title} (${labelsText(target.labels)})`;
  const rules = policy.root.at("spec", direction);
  const peers = rules.at(0, isIngress ? "from" : "to");
  const [from, to] = isIngress ? [caller, target.manifest] : [target.manifest, caller];
  const peer = peerText(
    isIngress ? caller.labels : target.labels,
    from.scope === to.scope ? undefined : (from.namespace ?? ""),
  );
  return {
    manifest: policy,
    field: peers.isThere ? peers : rules,
    message: `${who} ${what}. It calls ${service.title}, ${caller.because}; its connections time out.`,
    fix: `Add \`${peer}\` to spec.${direction}[].${isIngress ? "from" : "to"}, when ${caller.title} may call it; otherwise let it call something that may.`,
  };
}

/** A peer as YAML in one line: the label that tells the pods best. */
function peerText(labels: Labels, namespace: string | undefined): string {
  const keys = Object.keys(labels);
  const key = keys.find((one) => /^(app|app\.kubernetes\.io\/name|k8s-app|name)$/.test(one)) ?? keys[0];
  const pods = key === undefined ? "{}" : `{matchLabels: {${key}: ${labels[key]}}}`;
  const spaces =
    namespace === undefined
      ? ""
      : `, namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ${namespace}}}`;
  return `- {podSelector: ${pods}${spaces}}`;
}

function wantedPorts({ ports }: Service, target: Workload): readonly WantedPort[] {
  const declared = lastingContainers(target).flatMap((container) => container.ports);
  return ports.flatMap(({ target: wanted, protocol }) => {
    const number = typeof wanted === "number" ? wanted : declared.find(({ name }) => name === wanted)?.number;
    return number === undefined ? [] : [{ number, protocol, declared }];
  });
}
