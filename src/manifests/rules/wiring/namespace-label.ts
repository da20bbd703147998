// Do namespaces have the labels by which policies choose them?
import { labelsText, missingLabels } from "../../../domain/labels.ts";
import type { LintRule } from "../../finding.ts";
import { titleOf } from "../../manifest.ts";

const NAME_LABEL = "kubernetes.io/metadata.name";

export const namespaceLabel: LintRule = {
  id: "namespace-label",
  severity: "warning",
  meaning: "A NetworkPolicy chooses a namespace by a label that the namespace does not have",
  advice:
    "Only the label kubernetes.io/metadata.name is there without being written. It is checked where the namespace that is meant is among the manifests.",
  *run(inventory) {
    const namespaces = inventory.ofKind("", "Namespace");
    for (const policy of inventory.ofKind("networking.k8s.io", "NetworkPolicy")) {
      const rules = [
        ...policy.root.at("spec", "ingress").items(),
        ...policy.root.at("spec", "egress").items(),
      ];
      const peers = rules.flatMap((rule) => [...rule.at("from").items(), ...rule.at("to").items()]);
      for (const peer of peers) {
        const chosen = peer.at("namespaceSelector", "matchLabels");
        const wanted = chosen.texts();
        const meant = namespaces.find(({ name }) => Object.values(wanted).includes(name));
        if (meant === undefined) continue;
        const labels = { ...meant.root.at("metadata", "labels").texts(), [NAME_LABEL]: meant.name };
        const missing = missingLabels(labels, wanted);
        if (Object.keys(missing).length === 0) continue;
        yield {
          manifest: policy,
          field: chosen,
          message: `${titleOf(policy)} chooses namespaces with ${labelsText(missing)}, and ${titleOf(meant)} does not have that label: the rule applies to none of its pods.`,
          fix: `Write \`${NAME_LABEL}: ${meant.name}\` here, which every namespace has, or give the label to the namespace.`,
        };
      }
    }
  },
};
