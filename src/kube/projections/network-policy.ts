// NetworkPolicies: raw JSON → NetworkPolicyView.
import type { IngressRuleView, NetworkPeerView, NetworkPolicyView } from "../../domain/snapshot/network.ts";
import { boundedText } from "../bounded-text.ts";
import { asList, asObject, isObject, metaOf, type RawObject } from "../objects.ts";
import { deepFreeze } from "./deep-freeze.ts";
import { projectLabelSelector } from "./label-selector.ts";

/** More than any policy that a person wrote. */
const MOST = 200;

/** The policy, as far as it says who may call. Without policyTypes it is always about incoming traffic. */
export function projectPolicy(object: RawObject): NetworkPolicyView {
  const spec = asObject(object.spec);
  const types = asList(spec.policyTypes);
  return deepFreeze({
    name: boundedText(metaOf(object).name),
    pods: projectLabelSelector(spec.podSelector, MOST),
    restrictsIngress: types.length === 0 || types.includes("Ingress"),
    ingress: asList(spec.ingress).slice(0, MOST).map(ruleOf),
  });
}

function ruleOf(raw: unknown): IngressRuleView {
  return { from: asList(asObject(raw).from).slice(0, MOST).map(peerOf) };
}

/** A namespaceSelector that takes every namespace takes the policy's own as well. */
function peerOf(raw: unknown): NetworkPeerView {
  const { podSelector, namespaceSelector } = asObject(raw);
  const isAnyNamespace =
    namespaceSelector === undefined || Object.keys(asObject(namespaceSelector)).length === 0;
  const isHere = isObject(podSelector) && isAnyNamespace;
  return isHere ? { pods: projectLabelSelector(podSelector, MOST) } : { elsewhere: true };
}
