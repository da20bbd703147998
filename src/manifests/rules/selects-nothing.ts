// Do disruption budgets, policies and monitors select something that is here?

import { labelsText } from "../../domain/labels.ts";
import type { LintRule, Problem } from "../finding.ts";
import type { Inventory } from "../inventory.ts";
import { type Manifest, titleOf } from "../manifest.ts";
import { nearestMiss } from "../nearest-workload.ts";

interface Selecting {
  readonly key: "selector" | "podSelector";
  readonly without: string;
}

const SELECTING: Readonly<Record<string, Selecting | undefined>> = Object.assign(Object.create(null), {
  "policy/PodDisruptionBudget": { key: "selector", without: "it protects no pods" },
  "networking.k8s.io/NetworkPolicy": { key: "podSelector", without: "it restricts no pods" },
  "monitoring.coreos.com/PodMonitor": { key: "selector", without: "nothing is scraped" },
} satisfies Record<string, Selecting>);

export const selectsNothing: LintRule = {
  id: "selects-nothing",
  severity: "warning",
  meaning: "A PodDisruptionBudget, NetworkPolicy or PodMonitor selects labels that no pod template has",
  advice:
    "It has no effect, and nothing says so. It is a warning where a workload is here that is probably meant, and information where none is like it: the pods can come from elsewhere.",
  *run(inventory) {
    for (const manifest of inventory.manifests) {
      const selecting = SELECTING[`${manifest.group}/${manifest.kind}`];
      if (selecting !== undefined) yield* judge(manifest, selecting, inventory);
    }
  },
};

function* judge(manifest: Manifest, { key, without }: Selecting, inventory: Inventory): Iterable<Problem> {
  const selector = manifest.root.at("spec", key);
  const workloads = inventory.otherWorkloads(manifest);
  const wanted = selector.at("matchLabels").texts();
  const isOfLabels = Object.keys(wanted).length > 0;
  // Expressions alone are often meant for what is not here.
  if (!isOfLabels || workloads.length === 0) return;
  // What is elsewhere can be selected too.
  if (selector.at("matchExpressions").isThere || manifest.root.at("spec", "namespaceSelector").isThere)
    return;
  if (inventory.selectedBy(selector, manifest).length > 0) return;
  const selected = selector.at("matchLabels");
  const miss = nearestMiss(
    { manifest, title: titleOf(manifest), selector: wanted, selectorField: selected, ports: [] },
    workloads,
  );
  const labels = labelsText(wanted);
  yield {
    manifest,
    field: miss ? selected.at(miss.missing[0] ?? "") : selected,
    severity: miss ? "warning" : "info",
    message: `${titleOf(manifest)} selects ${labels}, and no pod template here has ${Object.keys(wanted).length === 1 ? "that label" : "those labels"}: ${without}.`,
    fix: miss
      ? `Write the labels of ${miss.workload.title}, if it is meant: ${labelsText(miss.workload.labels) || "it has none"}.`
      : "Nothing, if something else creates the pods; otherwise write their labels.",
  };
}
