// Label selectors, as Services and NetworkPolicies write them.
import { matches } from "../domain/cause/label-selector.ts";
import type { Field } from "./field.ts";

export type Labels = Readonly<Record<string, string>>;

const OPERATORS: ReadonlySet<string> = new Set(["In", "NotIn", "Exists", "DoesNotExist"]);

/** Whether the labels have every pair of the selector. */
export function hasAll(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

/** Whether a selector with matchLabels and matchExpressions takes the labels. An empty one takes everything. */
export function selects(selector: Field, labels: Labels): boolean {
  const expressions = selector
    .at("matchExpressions")
    .items()
    .map((expression) => ({
      key: expression.at("key").text ?? "",
      operator: expression.at("operator").text ?? "",
      values: expression
        .at("values")
        .items()
        .map(({ text }) => text ?? ""),
    }))
    // What the API server would refuse is no reason for a finding here.
    .filter(({ operator }) => OPERATORS.has(operator));
  return matches({ labels: selector.at("matchLabels").texts(), expressions }, labels);
}

/** "app=web,tier=backend". */
export function labelsText(labels: Labels): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}
