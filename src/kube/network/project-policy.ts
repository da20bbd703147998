// NetworkPolicies: raw JSON → NetworkPolicyView.

import type { LabelSelectorView } from "../../domain/snapshot/label-selector.ts";
import type { IngressRuleView, NetworkPeerView, NetworkPolicyView } from "../../domain/snapshot/network.ts";
import { asList, asObject, asText, asTexts, isObject, metaOf, type RawObject } from "../objects.ts";
import { deepFreeze } from "../projections/deep-freeze.ts";
import { boundedText } from "../projections/shared-text.ts";

/** More than any policy that a person wrote. */
const MOST = 200;

/** The policy, as far as it says who may call. Without policyTypes it is always about incoming traffic. */
export function projectPolicy(object: RawObject): NetworkPolicyView {
  const spec = asObject(object.spec);
  const types = asList(spec.policyTypes);
  return deepFreeze({
    name: boundedText(metaOf(object).name),
    pods: selectorOf(spec.podSelector),
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
  return isHere ? { pods: selectorOf(podSelector) } : { elsewhere: true };
}

function selectorOf(raw: unknown): LabelSelectorView {
  const { matchLabels, matchExpressions } = asObject(raw);
  return {
    labels: asTexts(matchLabels),
    expressions: asList(matchExpressions)
      .slice(0, MOST)
      .map((expression) => {
        const { key, operator, values } = asObject(expression);
        const texts = asList(values)
          .slice(0, MOST)
          .map((value) => asText(value));
        return { key: asText(key), operator: asText(operator), values: texts };
      }),
  };
}
