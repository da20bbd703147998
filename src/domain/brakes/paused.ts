// Kubernetes does not act on a rollback of a paused Deployment. RolloutGuard's own pause ends with the rollback. Pure.
import { isFrozen } from "../rollout/frozen.ts";
import { kubectlName } from "../workload/kubectl-name.ts";
import type { BrakeRule } from "./brake-rule.ts";

export const paused: BrakeRule = ({ workload, revision }) =>
  workload.isPaused && !isFrozen(workload, revision)
    ? {
        reason: "DeploymentPaused",
        message: `The ${workload.kind} is paused. To let the guard act: kubectl rollout resume ${kubectlName(workload)}`,
      }
    : undefined;
