// Label selectors, as Services and NetworkPolicies write them.
import type { Field } from "./field.ts";

export type Labels = Readonly<Record<string, string>>;

/** Whether the labels have every pair of the selector. */
export function hasAll(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

/** Whether a selector with matchLabels and matchExpressions takes the labels. An empty one takes everything. */
export function selects(selector: Field, labels: Labels): boolean {
  if (!hasAll(labels, selector.at("matchLabels").texts())) return false;
  return selector
    .at("matchExpressions")
    .items()
    .every((expression) => holds(expression, labels));
}

/** "app=web,tier=backend". */
export function labelsText(labels: Labels): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}

function holds(expression: Field, labels: Labels): boolean {
  const value = labels[expression.at("key").text ?? ""];
  const values = expression
    .at("values")
    .items()
    .map(({ text }) => text);
  switch (expression.at("operator").text ?? "") {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      // What the API server would refuse is no reason for a finding here.
      return true;
  }
}
