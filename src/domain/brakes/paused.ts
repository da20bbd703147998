// Kubernetes does not act on a rollback of a paused Deployment. Pure.
import type { BrakeRule } from "./brake-rule.ts";

export const paused: BrakeRule = ({ workload }) =>
  workload.isPaused
    ? {
        reason: "DeploymentPaused",
        message: `The Deployment is paused; after kubectl rollout resume deployment/${workload.name} the guard acts.`,
      }
    : undefined;
