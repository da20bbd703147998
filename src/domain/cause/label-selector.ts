// Kubernetes' label selectors, and whom NetworkPolicies name with them. Pure.
import type { LabelSelectorView } from "../snapshot/label-selector.ts";
import type { NetworkPolicyView } from "../snapshot/network.ts";

/** Whether the selector takes pods with these labels; an empty one takes all. */
export function matches(
  { labels, expressions }: LabelSelectorView,
  of: Readonly<Record<string, string>>,
): boolean {
  const has = (key: string) => Object.hasOwn(of, key);
  return (
    Object.entries(labels).every(([key, value]) => has(key) && of[key] === value) &&
    expressions.every(({ key, operator, values }) => {
      const value = has(key) ? of[key] : undefined;
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

/** "app=web,tier in (a, b)" */
export function selectorText({ labels, expressions }: LabelSelectorView): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  const others = expressions.map(({ key, operator, values }) =>
    operator === "Exists"
      ? key
      : operator === "DoesNotExist"
        ? `!${key}`
        : `${key} ${operator === "In" ? "in" : "not in"} (${values.join(", ")})`,
  );
  return [...pairs, ...others].join(",") || "any labels";
}

/** The pods of its own namespace that a policy names as callers. */
export function peersOf({ ingress }: NetworkPolicyView): readonly LabelSelectorView[] {
  return ingress.flatMap(({ from }) => from.flatMap((peer) => ("pods" in peer ? [peer.pods] : [])));
}

/** Whether a rule of the policy names no caller, and so admits all. */
export function admitsEverybody({ ingress }: NetworkPolicyView): boolean {
  return ingress.some(({ from }) => from.length === 0);
}
