// Does a workload select its own pods, and will the next version be able to?
import { labelsText, missingLabels } from "../../domain/labels.ts";
import type { LintRule } from "../finding.ts";
import { selects } from "../label-selector.ts";

const SELECTS_PODS = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"];

export const selectorTemplate: LintRule = {
  id: "selector-template",
  severity: "error",
  meaning: "A workload's selector does not match its own pod template: the API server refuses it",
  advice: "The API server refuses a workload whose pods it would not find again.",
  *run(inventory) {
    for (const { manifest, title, labels, template } of inventory.workloads) {
      const selector = manifest.root.at("spec", "selector");
      if (!SELECTS_PODS.includes(manifest.kind) || !selector.isThere || selects(selector, labels)) continue;
      const missing = missingLabels(labels, selector.at("matchLabels").texts());
      const what = Object.keys(missing).length > 0 ? labelsText(missing) : "its matchExpressions";
      yield {
        manifest,
        field: template.at("metadata", "labels"),
        message: `${title} selects ${what}, which its own pod template does not have: the API server refuses it.`,
        fix: `Write the labels of spec.selector into spec.template.metadata.labels.`,
      };
    }
  },
};

/** Labels that name a version, and values that are one. */
const VERSION_KEY =
  /(^|[./-])(version|chart|tag|image-tag|release-version|revision|commit|commit-sha|git-sha|git-commit|sha|build|build-number|build-id|pod-template-hash)$/i;
const VERSION_VALUE =
  /^v?\d+\.\d+(\.\d+)?([-+._].*)?$|[-_]v?\d+\.\d+\.\d+|^[0-9a-f]{7,40}$|^(build[-_]?)?\d{2,}$/i;

export const versionInSelector: LintRule = {
  id: "version-in-selector",
  severity: "warning",
  meaning: "A Deployment's selector has a version: it cannot be changed, so the next version is refused",
  advice:
    "The selector of a Deployment, StatefulSet or DaemonSet cannot be changed. With a version in it, such as that of the chart, a commit or a build, the next release is refused.",
  *run(inventory) {
    for (const { manifest, title } of inventory.workloads) {
      if (!SELECTS_PODS.includes(manifest.kind)) continue;
      const matchLabels = manifest.root.at("spec", "selector", "matchLabels");
      for (const [key, value] of Object.entries(matchLabels.texts())) {
        if (!isVersion(key, value)) continue;
        yield {
          manifest,
          field: matchLabels.at(key),
          message: `${title} has ${key}=${value} in its selector. Selectors cannot be changed: the next version is refused, or left beside this one.`,
          fix: `Take \`${key}\` out of spec.selector.matchLabels; it can stay in the template's labels.`,
        };
      }
    }
  },
};

/** Whether a label changes with every release. */
export function isVersion(key: string, value: string): boolean {
  return VERSION_KEY.test(key) && VERSION_VALUE.test(value);
}
