// Amounts of resources as Kubernetes writes them: 100m, 1.5, 128Mi, 2e3.
import type { Field } from "./field.ts";

const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** In cores or bytes; undefined when it is missing or no quantity. */
export function quantityOf({ value }: Field): number | undefined {
  if (typeof value !== "number" && typeof value !== "string") return undefined;
  const parts = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([a-zA-Z]{0,2})$/.exec(String(value));
  const factor = SUFFIXES[parts?.[2] ?? ""];
  return parts === null || factor === undefined ? undefined : Number(parts[1]) * factor;
}

/** For sentences: "1.5" cores, "640Mi" bytes. */
export function quantityText(amount: number, resource: string): string {
  const [divisor, unit] = resource === "cpu" || resource.endsWith("pods") ? [1, ""] : [2 ** 20, "Mi"];
  return `${Math.round((amount / divisor) * 1000) / 1000}${unit}`;
}
