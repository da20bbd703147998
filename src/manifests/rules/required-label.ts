// Do pods have the labels that a team has agreed on?
import type { LintRule } from "../finding.ts";

export const requiredLabel: LintRule = {
  id: "required-label",
  severity: "error",
  meaning: "A pod template lacks a label that --require-label names",
  advice: "Label conventions are yours: `--require-label app --require-label tier=backend`.",
  *run(inventory, { requiredLabels }) {
    for (const { manifest, title, labels, template } of inventory.workloads) {
      for (const wanted of requiredLabels) {
        const [key = "", value] = wanted.split("=", 2);
        const has = labels[key];
        if (value === undefined ? has : has === value) continue;
        yield {
          manifest,
          field: template.at("metadata", "labels"),
          message: `The pod template of ${title} has ${has ? `${key}=${has}` : `no label ${key}`}${value === undefined ? "" : `, not ${wanted}`}.`,
          fix: `Write \`${key}: ${value ?? "…"}\` into spec.template.metadata.labels.`,
        };
      }
    }
  },
};
