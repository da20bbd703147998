// Labels and label selectors, matched and written as Kubernetes does. Pure.
import type { LabelSelectorView } from "./snapshot/label-selector.ts";

export type Labels = Readonly<Record<string, string>>;

/** Whether the labels contain every wanted pair, as those of the pods that a Service selects. */
export function hasLabels(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}

/** The wanted pairs that the labels do not contain. */
export function missingLabels(labels: Labels, wanted: Labels): Labels {
  return Object.fromEntries(
    Object.entries(wanted).filter(([key, value]) => !hasLabels(labels, { [key]: value })),
  );
}

/** Whether the selector selects pods with these labels; an empty one selects all. */
export function matchesSelector(selector: LabelSelectorView, labels: Labels): boolean {
  return (
    hasLabels(labels, selector.labels) &&
    selector.expressions.every(({ key, operator, values }) => {
      const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
      switch (operator) {
        case "In":
          return value !== undefined && values.includes(value);
        case "NotIn":
          return value === undefined || !values.includes(value);
        case "Exists":
          return value !== undefined;
        default:
          return value === undefined;
      }
    })
  );
}

/** Each pair as "app=web". */
export function labelPairs(labels: Labels): readonly string[] {
  return Object.entries(labels).map(([key, value]) => `${key}=${value}`);
}

/** "app=web,tier=backend"; empty for no labels. */
export function labelsText(labels: Labels): string {
  return labelPairs(labels).join(",");
}

/** As kubectl prints it and the API server reads it: "app=web,tier in (a,b),!legacy". Empty for an empty selector. */
export function selectorText({ labels, expressions }: LabelSelectorView): string {
  const requirements = expressions.map(({ key, operator, values }) => {
    switch (operator) {
      case "In":
        return `${key} in (${values.join(",")})`;
      case "NotIn":
        return `${key} notin (${values.join(",")})`;
      case "DoesNotExist":
        return `!${key}`;
      default:
        return key;
    }
  });
  return [...labelPairs(labels), ...requirements].join(",");
}
