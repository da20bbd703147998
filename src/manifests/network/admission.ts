// Whether NetworkPolicies let one pod reach a port of another.
import type { Labels } from "../../domain/labels.ts";
import type { Field } from "../field.ts";
import type { Inventory } from "../inventory.ts";
import { selects } from "../label-selector.ts";
import type { Manifest } from "../manifest.ts";
import type { ContainerPort } from "../workload.ts";

/** One end of a connection. */
export interface Peer {
  readonly labels: Labels;
  readonly scope: string;
  /** Empty when it is not said. */
  readonly namespace: string;
}

/** A port by number with what the pod declares, because policies may name ports. */
export interface WantedPort {
  readonly number: number;
  readonly protocol: string;
  readonly declared: readonly ContainerPort[];
}

export type Direction = "ingress" | "egress";

/** unknown: an address or the labels of a namespace decide that cannot be seen here. */
export type Admission = "admitted" | "unknown" | "refused";

const BEST_FIRST: readonly Admission[] = ["admitted", "unknown", "refused"];

/** The policies that restrict the pod in that direction. None: everything is let through. */
export function policiesFor(pod: Peer, direction: Direction, inventory: Inventory): readonly Manifest[] {
  return inventory.inScope(pod.scope, "networking.k8s.io", "NetworkPolicy").filter((policy) => {
    const spec = policy.root.at("spec");
    const types = spec
      .at("policyTypes")
      .items()
      .map(({ text }) => text?.toLowerCase());
    const restricts =
      types.length > 0 ? types.includes(direction) : direction === "ingress" || spec.at("egress").isThere;
    return restricts && selects(spec.at("podSelector"), pod.labels);
  });
}

/** What the policies together say: one that admits is enough. */
export function admission(
  policies: readonly Manifest[],
  direction: Direction,
  restricted: Peer,
  other: Peer,
  port: WantedPort | undefined,
  inventory: Inventory,
): Admission {
  const rules = policies.flatMap((policy) => policy.root.at("spec", direction).items());
  return best(
    rules.map((rule) =>
      portsAdmit(rule.at("ports"), port)
        ? peersAdmit(rule.at(direction === "ingress" ? "from" : "to"), restricted, other, inventory)
        : "refused",
    ),
  );
}

function best(admissions: readonly Admission[]): Admission {
  return BEST_FIRST.find((one) => admissions.includes(one)) ?? "refused";
}

function portsAdmit(ports: Field, wanted: WantedPort | undefined): boolean {
  const items = ports.items();
  if (items.length === 0 || wanted === undefined) return true;
  return items.some((item) => {
    if ((item.at("protocol").text ?? "TCP") !== wanted.protocol) return false;
    const port = item.at("port");
    if (!port.isThere) return true;
    if (port.text !== undefined) {
      return wanted.declared.some(({ name, number }) => name === port.text && number === wanted.number);
    }
    const from = port.number ?? 0;
    return wanted.number >= from && wanted.number <= (item.at("endPort").number ?? from);
  });
}

function peersAdmit(peers: Field, restricted: Peer, other: Peer, inventory: Inventory): Admission {
  const items = peers.items();
  if (items.length === 0) return "admitted";
  return best(items.map((peer) => peerAdmits(peer, restricted, other, inventory)));
}

function peerAdmits(peer: Field, restricted: Peer, other: Peer, inventory: Inventory): Admission {
  if (peer.at("ipBlock").isThere) {
    return peer.at("ipBlock", "cidr").text === "0.0.0.0/0" ? "admitted" : "unknown";
  }
  if (!selects(peer.at("podSelector"), other.labels)) return "refused";
  const namespaces = peer.at("namespaceSelector");
  if (!namespaces.isThere) return other.scope === restricted.scope ? "admitted" : "refused";
  return namespaceAdmits(namespaces, other.namespace, inventory);
}

const NAME_LABEL = "kubernetes.io/metadata.name";

function namespaceAdmits(selector: Field, namespace: string, inventory: Inventory): Admission {
  const asked = [
    ...Object.keys(selector.at("matchLabels").texts()),
    ...selector
      .at("matchExpressions")
      .items()
      .map((expression) => expression.at("key").text ?? ""),
  ];
  if (asked.length === 0) return "admitted";
  const written = inventory.ofKind("", "Namespace").find(({ name }) => name === namespace);
  const isKnown = namespace !== "" && (written !== undefined || asked.every((key) => key === NAME_LABEL));
  if (!isKnown) return "unknown";
  const labels = { ...written?.root.at("metadata", "labels").texts(), [NAME_LABEL]: namespace };
  return selects(selector, labels) ? "admitted" : "refused";
}
