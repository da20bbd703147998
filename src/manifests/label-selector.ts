// Label selectors in manifests.
import { type Labels, matchesSelector } from "../domain/labels.ts";
import type { Field } from "./field.ts";

const OPERATORS: ReadonlySet<string> = new Set(["In", "NotIn", "Exists", "DoesNotExist"]);

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
  return matchesSelector({ labels: selector.at("matchLabels").texts(), expressions }, labels);
}
