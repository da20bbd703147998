// Label selectors of objects' specs: matched against labels, and as text.
import type { LabelRequirement, LabelSelector } from "./kinds.ts";
import type { Texts } from "./kube-object.ts";

const NO_LABELS: Texts = Object.freeze({});

/** Whether the labels meet a selector of an object's spec. An empty selector matches everything. */
export function matchesSelector(selector: LabelSelector, labels: Texts = NO_LABELS): boolean {
  if (!containsLabels(selector.matchLabels ?? NO_LABELS, labels)) return false;
  return (selector.matchExpressions ?? []).every((requirement) => meets(requirement, labels));
}

/** Whether the labels contain all of a Service's selector. */
export function containsLabels(selector: Texts, labels: Texts = NO_LABELS): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

/** As query parameters and columns write it, sorted: "app=web,tier in (a,b)". Empty for an empty selector. */
export function selectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const labels = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  const expressions = matchExpressions.map(({ key, operator, values = [] }) => {
    if (operator === "Exists") return key;
    if (operator === "DoesNotExist") return `!${key}`;
    return `${key} ${operator === "In" ? "in" : "notin"} (${values.toSorted().join(",")})`;
  });
  return [...labels, ...expressions].sort().join(",");
}

function meets({ key, operator, values = [] }: LabelRequirement, labels: Texts): boolean {
  const value = labels[key];
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
  }
}
