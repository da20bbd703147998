// All checks, in the order in which their findings are told: the most telling first. The first failing one is the headline.
import type { Finding } from "../decision.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { configError } from "./config-error.ts";
import { crashLoop } from "./crash-loop.ts";
import { createFailed } from "./create-failed.ts";
import { degraded } from "./degraded.ts";
import { emptyEndpoints } from "./empty-endpoints.ts";
import type { Check } from "./fault.ts";
import { http } from "./http.ts";
import { imagePull } from "./image-pull.ts";
import { knownBadFinding } from "./known-bad.ts";
import { metrics } from "./metrics.ts";
import { podRejected } from "./pod-rejected.ts";
import { progressDeadline } from "./progress-deadline.ts";
import { readiness } from "./readiness.ts";
import { unschedulable } from "./unschedulable.ts";

const ORDERED_CHECKS: readonly Check[] = Object.freeze([
  configError, // the container cannot even be made
  imagePull, // its image cannot be had
  crashLoop, // it runs and ends
  createFailed, // there is no pod to look at
  podRejected, // nodes turn it away
  unschedulable, // no node takes it
  emptyEndpoints, // all is "Running", nobody is served
  degraded, // it was well, and is not any more
  metrics, // users see errors, or wait
  http, // and so would whoever asks
  readiness, // it runs and is not ready
  progressDeadline, // Kubernetes' own verdict, the last to come
]);

/** What the checks say of the pods of the rollout's revision, however it came to run. */
export function runChecks(rollout: Rollout, now: number): readonly Finding[] {
  return ORDERED_CHECKS.map((check) => check(rollout, now));
}

/** What all checks say of a release: also whether it is known to be bad. */
export function checkRelease(rollout: Rollout, now: number): readonly Finding[] {
  const findings = runChecks(rollout, now);
  return [...findings, knownBadFinding(rollout, findings)];
}
