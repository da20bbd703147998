// What a careful person would say of each recording that must not be left alone: by when, why, and what to change.
import type { CauseClass, Certainty } from "../../src/api/causes.ts";
import type { FindingReason } from "../../src/api/reasons.ts";

export interface Verdict {
  /** Seconds from the change within which it must be decided. */
  readonly seconds: number;
  readonly reason: FindingReason;
  readonly cause: CauseClass;
  readonly certainty: Certainty;
  /** What the sentences about the cause and the remedy must name. */
  readonly names: RegExp;
  readonly patch?: RegExp;
}

/** By the name of the recording (recorded.ts). */
export const VERDICTS: Readonly<Record<string, Verdict>> = {
  "readiness-http-500": {
    seconds: 50,
    reason: "NotReady",
    cause: "HealthCheckFails",
    certainty: "Certain",
    names: /HTTP 500.*GET http :8080\/healthz.*\/healthz of container sre-app/s,
  },
  "first-deploy-bad": {
    seconds: 60,
    reason: "NotReady",
    cause: "HealthCheckFails",
    certainty: "Certain",
    names: /HTTP 500.*\/healthz/s,
  },
  "degrades-after-success": {
    // The Service lost its last endpoint 57.1 s after the change; 20 s are allowed from then on.
    seconds: 77.1,
    reason: "Degraded",
    cause: "HealthCheckFails",
    certainty: "Certain",
    names: /HTTP 500.*\/healthz/s,
  },
  "readiness-wrong-port": {
    seconds: 30,
    reason: "NotReady",
    cause: "ProbePortNotServed",
    certainty: "Certain",
    names: /port 80;.*the right port is .*8080.*Service sre-service sends there.*declare containerPort 8080/s,
    patch: /"readinessProbe":\{"httpGet":\{"port":8080\}\}/,
  },
  "crash-loop-missing-env": {
    seconds: 20,
    reason: "CrashLooping",
    cause: "ContainerCrashes",
    certainty: "Likely",
    names: /Container checkout exits with code 1 .*image \(.*2\.2\.0 → .*2\.3\.0\), env CRASH/s,
  },
  "selector-mismatch-empty-endpoints": {
    seconds: 25,
    reason: "EmptyEndpoints",
    cause: "ServiceSelectorMismatch",
    certainty: "Certain",
    names: /lost tier=backend, which Service inference-api selects on/,
    patch: /"labels":\{"tier":"backend"\}/,
  },
  "image-pull-failure": {
    seconds: 30,
    reason: "ImagePullFailing",
    cause: "RegistryUnreachable",
    certainty: "Certain",
    names: /sre-candidate:latest cannot be reached; the name has no registry, so docker\.io is used/,
  },
  "missing-secret": {
    seconds: 30,
    reason: "ContainerConfigError",
    cause: "SecretMissing",
    certainty: "Certain",
    names:
      /Secret checkout-secrets does not exist, and env DATABASE_URL of container checkout.*with key database-url/s,
  },
  "scenarios/wrong-probe-port": {
    seconds: 155,
    reason: "NotReady",
    cause: "ProbePortNotServed",
    certainty: "Certain",
    names:
      /port 80; the right port is 8080: revision 1 .*Service shop sends there.*declare containerPort 8080/s,
    patch: /"readinessProbe":\{"httpGet":\{"port":8080\}\}/,
  },
  "scenarios/health-500": {
    seconds: 155,
    reason: "NotReady",
    cause: "HealthCheckFails",
    certainty: "Certain",
    names: /HTTP 500.*GET http :8080\/healthz.*env HEALTH/s,
  },
  "scenarios/health-timeout": {
    seconds: 155,
    reason: "NotReady",
    cause: "HealthCheckTimesOut",
    certainty: "Likely",
    names: /in time: .* waits 1 s\..*env HEALTH_DELAY/s,
    patch: /"readinessProbe":\{"timeoutSeconds":/,
  },
  "scenarios/selector-mismatch": {
    seconds: 25,
    reason: "EmptyEndpoints",
    cause: "ServiceSelectorMismatch",
    certainty: "Certain",
    names: /lost tier=backend, which Service shop selects on/,
    patch: /"labels":\{"tier":"backend"\}/,
  },
  "scenarios/missing-env": {
    seconds: 25,
    reason: "CrashLooping",
    cause: "EnvironmentVariableMissing",
    certainty: "Certain",
    names: /DATABASE_URL is not set, .* removed it from container app/,
  },
  "scenarios/missing-env-without-probes": {
    seconds: 20,
    reason: "CrashLooping",
    cause: "EnvironmentVariableMissing",
    certainty: "Certain",
    names: /DATABASE_URL is not set, .* removed it from container app/,
  },
  "scenarios/out-of-memory": {
    seconds: 30,
    reason: "OutOfMemory",
    cause: "MemoryLimitExceeded",
    certainty: "Certain",
    names: /more memory than its limit of 64Mi/,
    patch: /"limits":\{"memory":"128Mi"\}/,
  },
  "scenarios/failing-init-container": {
    seconds: 155,
    reason: "InitContainerFailing",
    cause: "InitContainerFails",
    certainty: "Certain",
    names: /Init container migrate exits with code 1/,
  },
  "scenarios/liveness-kills": {
    seconds: 20,
    reason: "CrashLooping",
    cause: "ProbePortNotServed",
    certainty: "Likely",
    names: /port 9999, which the liveness probe .* the right port is .*8080/,
    patch: /"livenessProbe":\{"tcpSocket":\{"port":8080\}\}/,
  },
  "scenarios/wrong-image": {
    seconds: 127,
    reason: "ImagePullFailing",
    cause: "RegistryUnreachable",
    certainty: "Certain",
    names: /registry\.invalid\/application:v2 cannot be reached/,
  },
  "scenarios/missing-secret": {
    seconds: 127,
    reason: "ContainerConfigError",
    cause: "SecretMissing",
    certainty: "Certain",
    names: /Secret database does not exist, and env DATABASE_URL of container app needs it/,
  },
  "scenarios/unschedulable": {
    seconds: 605,
    reason: "Unschedulable",
    cause: "InsufficientResources",
    certainty: "Certain",
    names: /No node has enough cpu left: container app requests 1k/,
    patch: /"requests":\{"cpu":"1m"\}/,
  },
  "scenarios/quota-forbids-surge": {
    seconds: 605,
    reason: "CreateFailed",
    cause: "QuotaExceeded",
    certainty: "Certain",
    names: /exceed quota three-pods.*maxSurge: 0/s,
    patch: /"maxSurge":0,"maxUnavailable":1/,
  },
  "scenarios/recreate": {
    seconds: 50,
    reason: "NotReady",
    cause: "HealthCheckFails",
    certainty: "Certain",
    names: /HTTP 500.*env HEALTH/s,
  },
  "scenarios/fails-after-completion": {
    seconds: 85,
    reason: "Degraded",
    cause: "HealthCheckFails",
    certainty: "Certain",
    names: /HTTP 500.*\/healthz/s,
  },
  "scenarios/bad-first-deployment": {
    seconds: 60,
    reason: "NotReady",
    cause: "HealthCheckFails",
    certainty: "Certain",
    names: /HTTP 500.*\/healthz/s,
  },
  "scenarios/bad-upon-bad": {
    seconds: 165,
    reason: "NotReady",
    cause: "HealthCheckFails",
    certainty: "Certain",
    names: /HTTP 500.*:v1 → .*:v3/s,
  },
  "scenarios/failing-neighbours": {
    seconds: 185,
    reason: "NotReady",
    cause: "HealthCheckFails",
    certainty: "Certain",
    names: /HTTP 500.*env HEALTH/s,
  },
};
