// All static checks, in the order in which their findings in one place are told: what breaks service first.
import { apiServer } from "./checks/api-server.ts";
import { backendPort } from "./checks/backend-port.ts";
import { missingConfiguration, missingKey } from "./checks/configuration.ts";
import { disruptionBudget } from "./checks/disruption-budget.ts";
import { rolloutDowntime } from "./checks/downtime.ts";
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
import { probeAddress } from "./checks/probe-address.ts";
import { probePath } from "./checks/probe-path.ts";
import { probePort } from "./checks/probe-port.ts";
import { probeTiming } from "./checks/probe-timing.ts";
import { progressDeadline } from "./checks/progress-deadline.ts";
import { limitRange, resourceQuota } from "./checks/quota.ts";
import { readOnlyRoot } from "./checks/read-only-root.ts";
import { requiredLabel } from "./checks/required-label.ts";
import { rootUser } from "./checks/root-user.ts";
import { selectorTemplate, versionInSelector } from "./checks/selector-template.ts";
import { selectsNothing } from "./checks/selects-nothing.ts";
import { serviceSelector } from "./checks/service-selector.ts";
import { serviceTargetPort } from "./checks/service-target-port.ts";
import { antiAffinity } from "./checks/surge/anti-affinity.ts";
import { exclusiveVolume } from "./checks/surge/exclusive-volume.ts";
import { hostPort } from "./checks/surge/host-port.ts";
import { duplicateVariable } from "./checks/variables/duplicate-variable.ts";
import { envDrift, missingEnv } from "./checks/variables/environment.ts";
import { undefinedVariable } from "./checks/variables/undefined-variable.ts";
import { autoscaledReplicas } from "./checks/wiring/autoscaled-replicas.ts";
import { duplicateObject } from "./checks/wiring/duplicate-object.ts";
import { egressDns } from "./checks/wiring/egress-dns.ts";
import { migrationAtStart } from "./checks/wiring/migration-at-start.ts";
import { namespaceLabel } from "./checks/wiring/namespace-label.ts";
import { selectorWidth } from "./checks/wiring/selector-width.ts";
import { staleConfiguration } from "./checks/wiring/stale-configuration.ts";
import type { StaticCheck } from "./finding.ts";

export const ORDERED_CHECKS: readonly StaticCheck[] = Object.freeze([
  // nothing is applied
  apiServer,
  // nobody is served
  serviceSelector,
  serviceTargetPort,
  backendPort,
  networkPolicyCallers,
  egressDns,
  namespaceLabel,
  selectorWidth,
  duplicateObject,
  selectorTemplate,
  // pods do not start
  missingConfiguration,
  missingKey,
  missingObject,
  missingEnv,
  undefinedVariable,
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
  migrationAtStart,
  // pods are not ready, or are killed
  probePort,
  probePath,
  probeAddress,
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
  duplicateVariable,
  autoscaledReplicas,
  versionInSelector,
  missingResources,
  rootUser,
  rolloutDowntime,
  staleConfiguration,
  readOnlyRoot,
  // what a team has agreed on
  requiredLabel,
]);
