// Kubernetes' quantities: "500m", "2Gi", "1k" as numbers, and back. Pure.

const DECIMAL: Readonly<Record<string, number>> = { k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 };
const BINARY: Readonly<Record<string, number>> = {
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};
const UNITS: Readonly<Record<string, number>> = { "": 1, n: 1e-9, u: 1e-6, m: 1e-3, ...DECIMAL, ...BINARY };

/** The number that a quantity means, to a thousandth; 0 for what is none. */
export function parseQuantity(value: string | number | undefined): number {
  const [, amount = "0", unit = ""] =
    /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(String(value ?? "0")) ?? [];
  return Math.round(Number(amount) * (UNITS[unit] ?? 1) * 1_000) / 1_000;
}

/** The shortest exact text, as Kubernetes writes it: memory in units of 1024, all else in units of 1000. */
export function formatQuantity(resource: string, value: number): string {
  const rounded = Math.round(value * 1_000) / 1_000;
  if (!Number.isInteger(rounded)) return `${Math.round(rounded * 1_000)}m`;
  const units = /memory|storage/.test(resource) ? BINARY : DECIMAL;
  const unit = Object.keys(units).findLast((name) => rounded !== 0 && rounded % (units[name] ?? 1) === 0);
  return unit === undefined ? String(rounded) : `${rounded / (units[unit] ?? 1)}${unit}`;
}
