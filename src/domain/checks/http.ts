// New pods that answer requests with errors or too late. Pure.
import type { Check } from "./fault.ts";
import { httpStates } from "./sampled/http-state.ts";
import { sampledFinding } from "./sampled/sampled-finding.ts";

export const http: Check = (rollout, now) =>
  rollout.policy.spec.checks.http === undefined
    ? { check: "http", verdict: "healthy" }
    : sampledFinding("http", rollout, httpStates(rollout, now), now);
