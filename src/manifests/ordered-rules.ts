// All lint rules, in the order in which their findings in one place are shown: what breaks service first.

import type { LintRule } from "./finding.ts";
import { apiServer } from "./rules/api-server.ts";
import { backendPort } from "./rules/backend-port.ts";
import { missingConfiguration, missingKey } from "./rules/configuration.ts";
import { disruptionBudget } from "./rules/disruption-budget.ts";
import { rolloutDowntime } from "./rules/downtime.ts";
import { gracePeriod } from "./rules/grace-period.ts";
import { imageTag } from "./rules/image-tag.ts";
import { livenessEqualsReadiness } from "./rules/liveness-equals-readiness.ts";
import { missingLivenessProbe } from "./rules/missing-liveness-probe.ts";
import { missingObject } from "./rules/missing-object.ts";
import { missingReadinessProbe } from "./rules/missing-readiness-probe.ts";
import { missingResources } from "./rules/missing-resources.ts";
import { missingStartupProbe } from "./rules/missing-startup-probe.ts";
import { networkPolicyCallers } from "./rules/network-policy-callers.ts";
import { nodeSelector } from "./rules/node-selector.ts";
import { oversizedRequest } from "./rules/oversized-request.ts";
import { probeAddress } from "./rules/probe-address.ts";
import { probePath } from "./rules/probe-path.ts";
import { probePort } from "./rules/probe-port.ts";
import { probeTiming } from "./rules/probe-timing.ts";
import { progressDeadline } from "./rules/progress-deadline.ts";
import { limitRange, resourceQuota } from "./rules/quota.ts";
import { readOnlyRoot } from "./rules/read-only-root.ts";
import { requiredLabel } from "./rules/required-label.ts";
import { rootUser } from "./rules/root-user.ts";
import { selectorTemplate, versionInSelector } from "./rules/selector-template.ts";
import { selectsNothing } from "./rules/selects-nothing.ts";
import { serviceSelector } from "./rules/service-selector.ts";
import { serviceTargetPort } from "./rules/service-target-port.ts";
import { antiAffinity } from "./rules/surge/anti-affinity.ts";
import { exclusiveVolume } from "./rules/surge/exclusive-volume.ts";
import { hostPort } from "./rules/surge/host-port.ts";
import { duplicateVariable } from "./rules/variables/duplicate-variable.ts";
import { envDrift, missingEnv } from "./rules/variables/environment.ts";
import { undefinedVariable } from "./rules/variables/undefined-variable.ts";
import { autoscaledReplicas } from "./rules/wiring/autoscaled-replicas.ts";
import { duplicateObject } from "./rules/wiring/duplicate-object.ts";
import { egressDns } from "./rules/wiring/egress-dns.ts";
import { migrationAtStart } from "./rules/wiring/migration-at-start.ts";
import { namespaceLabel } from "./rules/wiring/namespace-label.ts";
import { selectorWidth } from "./rules/wiring/selector-width.ts";
import { staleConfiguration } from "./rules/wiring/stale-configuration.ts";

export const ORDERED_RULES: readonly LintRule[] = Object.freeze([
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
