// Every class of root cause, with what it means. A reason says that a rollout fails; a cause says why it does.
import { kebabCase } from "./kebab-case.ts";

/** Where the pages about reasons and causes are; messages link to `causePage` and `reasonPage` below it. */
export const DOCUMENTATION_BASE = "https://github.com/rolloutguard/rolloutguard/blob/main/docs";

/** The classes of causes. The same word goes to Incidents, Events, logs and metrics. */
export const CAUSES = {
  SecretMissing: "A Secret that the pods need does not exist.",
  ConfigMapMissing: "A ConfigMap that the pods need does not exist.",
  KeyMissing: "A Secret or ConfigMap exists and lacks a key that the pods need.",
  VolumeMissing: "A volume that the pods mount does not exist or cannot be mounted.",
  CommandNotRunnable:
    "The command of a container is not in its image, may not be executed, or is for another kind of machine.",
  ContainerRefused: "The node refuses to make the container from what its spec says.",
  ImageNotFound: "The registry answers, and has no such image or tag.",
  ImageAccessDenied: "The registry does not let the cluster have the image.",
  ImageNameInvalid: "The image's name is not one that an image can have.",
  ImageNotOnNode: "The image may not be pulled (imagePullPolicy: Never) and is not on the node.",
  RegistryUnreachable: "The registry that the image's name says cannot be reached.",
  MemoryLimitExceeded: "A container needs more memory than its limit, and is killed for it.",
  InitContainerFails: "An init container fails, so that the application is never started.",
  EnvironmentVariableMissing:
    "The application needs an environment variable that the new revision does not set.",
  LivenessProbeKills: "The kubelet kills a container that runs, because its liveness probe fails.",
  ContainerCrashes: "The application ends by itself.",
  QuotaExceeded: "The namespace's quota has no room for the pods.",
  LimitRangeViolated: "The pods ask for more or less than the namespace's LimitRange admits.",
  PodSecurityViolated: "The namespace's Pod Security level forbids what the pods ask for.",
  AdmissionDenied: "An admission webhook or policy refuses the pods.",
  ServiceAccountMissing: "The service account that the pods run as does not exist.",
  InsufficientResources: "No node has as much of a resource left as a pod asks for.",
  NodeSelectorUnmatched: "No node has the labels that the pods ask for.",
  TaintNotTolerated: "The nodes have taints that the pods do not tolerate.",
  NodePlacementImpossible: "Nodes are refused for another reason: ports, volumes, spreading.",
  NodeRejectsPods: "Nodes turn the pods away for what their spec asks: a sysctl, a device, a label, room.",
  ServiceSelectorMismatch: "The labels of the pods do not match the selector of their Service.",
  ServicePortNotServed: "The Service sends to a port that the pods do not have.",
  NetworkPolicyBlocks: "A NetworkPolicy shuts out callers of the pods, or the pods from what they call.",
  ProbePortNotServed: "A probe asks a port on which nothing listens.",
  ProbePathNotServed: "A probe asks a path that the application does not know.",
  ProbeProtocolMismatch:
    "A probe talks HTTP to a port that talks HTTPS, the other way round, or gRPC to one that does not.",
  HealthCheckFails: "The application answers its health check with an error.",
  HealthCheckTimesOut:
    "The application does not answer its health check in the time that the probe gives it.",
  SlowStart: "The application is still starting when its probe gives up: the probe is too impatient.",
  ReadinessGateNotSet: "A readiness gate of the pods is not set from outside.",
  NoReadinessProbe:
    "No container has a readiness probe: Kubernetes calls the pods ready as soon as they run.",
  EnvironmentTrouble: "The environment fails rather than the release.",
  RolledBackBefore: "The same release failed before; the Incident about it has the cause.",
  Unknown: "What is seen does not tell the cause; the evidence is kept.",
} as const;
export type CauseClass = keyof typeof CAUSES;

/**
 * How sure a cause is. Certain: the cluster says so itself, or two facts of it contradict each other. Likely: the
 * evidence fits this cause best, and others could look the same. Unknown: a possibility, or nothing is known.
 */
export const CERTAINTIES = ["Certain", "Likely", "Unknown"] as const;
export type Certainty = (typeof CERTAINTIES)[number];

/** The page about a class, below {@link DOCUMENTATION_BASE}: "causes/slow-start.md". */
export function causePage(cause: CauseClass): string {
  return `causes/${kebabCase(cause)}.md`;
}
