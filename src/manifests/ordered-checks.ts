// All static checks, in the order in which their findings in one place are told: what breaks service first.
import { backendPort } from "./checks/backend-port.ts";
import { missingConfiguration, missingKey } from "./checks/configuration.ts";
import { rolloutDowntime } from "./checks/downtime.ts";
import { envDrift, missingEnv } from "./checks/environment.ts";
import { imageTag } from "./checks/image-tag.ts";
import { livenessEqualsReadiness } from "./checks/liveness-equals-readiness.ts";
import { missingLivenessProbe } from "./checks/missing-liveness-probe.ts";
import { missingObject } from "./checks/missing-object.ts";
import { missingReadinessProbe } from "./checks/missing-readiness-probe.ts";
import { missingResources } from "./checks/missing-resources.ts";
import { networkPolicyCallers } from "./checks/network-policy-callers.ts";
import { probePath } from "./checks/probe-path.ts";
import { probePort } from "./checks/probe-port.ts";
import { probeTiming } from "./checks/probe-timing.ts";
import { requiredLabel } from "./checks/required-label.ts";
import { rootUser } from "./checks/root-user.ts";
import { selectorTemplate, versionInSelector } from "./checks/selector-template.ts";
import { selectsNothing } from "./checks/selects-nothing.ts";
import { serviceSelector } from "./checks/service-selector.ts";
import { serviceTargetPort } from "./checks/service-target-port.ts";
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
  // pods are not ready, or are killed
  probePort,
  probePath,
  probeTiming,
  livenessEqualsReadiness,
  // nobody would notice
  missingReadinessProbe,
  missingLivenessProbe,
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
