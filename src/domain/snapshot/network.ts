// Who can call whom in the namespace, in the snapshot.
import type { LabelSelectorView } from "./label-selector.ts";

export interface NetworkView {
  readonly policies: readonly NetworkPolicyView[];
  readonly neighbours: readonly NeighbourView[];
}

/** A NetworkPolicy, as far as it decides who may call pods of its own namespace. */
export interface NetworkPolicyView {
  readonly name: string;
  /** The pods that it is about. */
  readonly pods: LabelSelectorView;
  readonly restrictsIngress: boolean;
  readonly ingress: readonly IngressRuleView[];
}

/** One rule of a NetworkPolicy: who may call. */
export interface IngressRuleView {
  /** Empty: everybody. */
  readonly from: readonly NetworkPeerView[];
}

/** Pods of the policy's own namespace by their labels; anything else (other namespaces, addresses) is only known to be there. */
export type NetworkPeerView = { readonly pods: LabelSelectorView } | { readonly elsewhere: true };

/** Another workload of the namespace that has pods now. */
export interface NeighbourView {
  /** The workload's name. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Whether its environment or arguments name a Service of the guarded workload. */
  readonly namesService?: string | undefined;
}
