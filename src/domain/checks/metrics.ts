// Metrics of the new pods that are worse than those of the old ones, or beyond a limit. Pure.
import type { Check } from "./fault.ts";
import { metricStates } from "./sampled/metric-state.ts";
import { sampledFinding } from "./sampled/sampled-finding.ts";

export const metrics: Check = (rollout, now) =>
  rollout.policy.spec.checks.metrics === undefined
    ? { check: "metrics", verdict: "healthy" }
    : sampledFinding("metrics", rollout, metricStates(rollout, now), now);
