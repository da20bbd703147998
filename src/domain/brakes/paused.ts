// Kubernetes does not act on a rollback of a paused Deployment. Pure.
import { kubectlName } from "../workload/kubectl-name.ts";
import type { BrakeRule } from "./brake-rule.ts";

export const paused: BrakeRule = ({ workload }) =>
  workload.isPaused
    ? {
        reason: "DeploymentPaused",
        message: `The ${workload.kind} is paused. To let the guard act: kubectl rollout resume ${kubectlName(workload)}`,
      }
    : undefined;
