// All static checks, in the order in which their findings in one place are told: what breaks service first.
import { backendPort } from "./checks/backend-port.ts";
import { missingConfiguration, missingKey } from "./checks/configuration.ts";
import { disruptionBudget } from "./checks/disruption-budget.ts";
import { rolloutDowntime } from "./checks/downtime.ts";
import { envDrift, missingEnv } from "./checks/environment.ts";
import { gracePeriod } from "./checks/grace-period.ts";
import { imageTag } from "./checks/image-tag.ts";
import { livenessEqualsReadiness } from "./checks/liveness-equals-readiness.ts";
import { missingLivenessProbe } from "./checks/missing-liveness-probe.ts";
import { missingObject } from "./checks/missing-object.ts";
import { missingReadinessProbe } from "./checks/missing-readiness-probe.ts";
import { missingResources } from "./checks/missing-resources.ts";
import { missingStartupProbe } from "./checks/missing-startup-probe.ts";
import { networkPolicyCallers } from "./checks/network-policy-callers.ts";
import { nodeSelector } from "./checks/node-selector.ts";
import { oversizedRequest } from "./checks/oversized-request.ts";
import { probePath } from "./checks/probe-path.ts";
import { probePort } from "./checks/probe-port.ts";
import { probeTiming } from "./checks/probe-timing.ts";
import { progressDeadline } from "./checks/progress-deadline.ts";
import { limitRange, resourceQuota } from "./checks/quota.ts";
import { requiredLabel } from "./checks/required-label.ts";
import { rootUser } from "./checks/root-user.ts";
import { selectorTemplate, versionInSelector } from "./checks/selector-template.ts";
import { selectsNothing } from "./checks/selects-nothing.ts";
import { serviceSelector } from "./checks/service-selector.ts";
import { serviceTargetPort } from "./checks/service-target-port.ts";
import { antiAffinity } from "./checks/surge/anti-affinity.ts";
import { exclusiveVolume } from "./checks/surge/exclusive-volume.ts";
import { hostPort } from "./checks/surge/host-port.ts";
import type { StaticCheck } from "./finding.ts";

export const ORDERED_CHECKS: readonly StaticCheck[] = Object.freeze([
  // nobody is served
  serviceSelector,
  serviceTargetPort,
  backendPort,
  networkPolicyCallers,
  selectorTemplate,
  // pods do not start
  missingConfiguration,
  missingKey,
  missingObject,
  missingEnv,
  limitRange,
  nodeSelector,
  oversizedRequest,
  // rollouts do not finish, nodes cannot be drained
  resourceQuota,
  exclusiveVolume,
  hostPort,
  antiAffinity,
  progressDeadline,
  disruptionBudget,
  gracePeriod,
  // pods are not ready, or are killed
  probePort,
  probePath,
  probeTiming,
  livenessEqualsReadiness,
  // nobody would notice
  missingReadinessProbe,
  missingLivenessProbe,
  missingStartupProbe,
  // what makes rollouts and rollbacks fail one day
  selectsNothing,
  imageTag,
  envDrift,
  versionInSelector,
  missingResources,
  rootUser,
  rolloutDowntime,
  // what a team has agreed on
  requiredLabel,
]);
