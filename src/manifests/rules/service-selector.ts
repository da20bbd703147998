// Does every Service select pods that something here makes?
import { labelsText } from "../../domain/labels.ts";
import type { LintRule, Problem } from "../finding.ts";
import type { Inventory } from "../inventory.ts";
import { type NearMiss, nearestMiss } from "../nearest-workload.ts";
import { placeText } from "../place.ts";
import type { Service } from "../service.ts";
import type { Workload } from "../workload.ts";

export const serviceSelector: LintRule = {
  id: "service-selector",
  severity: "error",
  meaning: "A Service selects labels that no pod template has: it gets no endpoints",
  advice:
    "A Service sends to pods that have every label of its selector. One missing or mistyped label empties its endpoints while all pods are Running. The finding names the label and the workload that is probably meant. When nothing here is like it, it is a warning, and information where an operator can create the pods, or where the label is usually set at run time, such as a role.",
  *run(inventory) {
    for (const service of inventory.services) {
      if (inventory.servedBy(service).length === 0) yield judge(service, inventory);
    }
  },
};

function judge(service: Service, inventory: Inventory): Problem {
  const workloads = inventory.otherWorkloads(service.manifest);
  const miss = nearestMiss(service, workloads);
  if (miss !== undefined) return tell(service, miss);
  const selects = labelsText(service.selector);
  return {
    manifest: service.manifest,
    field: service.selectorField,
    // Another chart, an operator or a person may make the pods.
    severity: workloads.length === 0 || hasForeignKinds(service, inventory) ? "info" : "warning",
    message: `${service.title} selects ${selects}, and no workload here makes such pods.`,
    fix: "Nothing, when something else makes them; otherwise write the labels of its pods into spec.selector.",
  };
}

/** Objects of which somebody's operator may make pods. */
function hasForeignKinds({ manifest }: Service, inventory: Inventory): boolean {
  return inventory.manifests.some(
    ({ group, scope }) => scope === manifest.scope && group.includes(".") && !group.endsWith(".k8s.io"),
  );
}

/** Labels that are often given to pods while they run, by whoever elects a leader, or by controllers. */
const AT_RUN_TIME =
  /role|leader|master|primary|replica|statefulset\.kubernetes\.io|pod-index|pod-name|pod-template-hash/i;

function tell(service: Service, { workload, missing }: NearMiss): Problem {
  const { title, selector, manifest } = service;
  const wanted = Object.fromEntries(missing.map((key) => [key, selector[key] ?? ""]));
  const labels = workload.template.at("metadata", "labels");
  const have = missing
    .filter((key) => workload.labels[key] !== undefined)
    .map((key) => `${key}=${workload.labels[key]}`);
  const instead = have.length > 0 ? `, but have ${have.join(",")}` : "";
  const isMeantLater = missing.every((key) => AT_RUN_TIME.test(key)) && have.length === 0;
  const yaml = missing.map((key) => `\`${key}: ${selector[key]}\``).join(", ");
  return {
    manifest,
    field: service.selectorField.at(missing[0] ?? ""),
    ...(isMeantLater && { severity: "info" as const }),
    message: `${title} selects ${labelsText(wanted)}; the pods of ${workload.title} do not have that${instead}. It gets no endpoints.`,
    fix: isMisspelt(missing, workload)
      ? `Write ${missing.map((key) => `\`${key}: ${workload.labels[key]}\``).join(", ")} into spec.selector: ${title} is what does not fit, ${workload.title} selects its pods by that label.`
      : isMeantLater
        ? `Nothing, when ${missing.join(", ")} is set on the pods while they run; otherwise write ${yaml} into the labels of the pod template of ${workload.title}.`
        : `Write ${yaml} into the labels of the pod template of ${workload.title} (${placeText(labels.place)}), or change the selector to what the pods have.`,
  };
}

/** The workload's own selector has those labels, so they cannot be changed there. */
function isMisspelt(missing: readonly string[], { manifest, labels }: Workload): boolean {
  const own = manifest.root.at("spec", "selector", "matchLabels").texts();
  return missing.every((key) => own[key] !== undefined && own[key] === labels[key]);
}
