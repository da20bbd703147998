// What is run on a real cluster, in this order: first what the operator relies on, last what it costs.
export const SUITES = [
  "contract",
  "scenarios",
  "getting-started",
  "permissions",
  "appliers",
  "chart",
  "leader",
  "restarts",
  "prometheus",
  "metrics",
  "alerts",
  "idle",
] as const;
/** Those that need Prometheus' programs. */
export const NEED_PROMETHEUS: ReadonlySet<Suite> = new Set(["prometheus", "metrics", "alerts"]);
export type Suite = (typeof SUITES)[number];
