// Every class of root cause, with what it means. A reason says that a rollout fails; a cause says why it does.
import { kebabCase } from "./kebab-case.ts";

/** Where the pages about reasons and causes are; messages link to `causePage` and `reasonPage` below it. */
export const DOCUMENTATION_BASE = "https://github.com/rolloutguard/rolloutguard/blob/main/docs";

/** The classes of causes. The same word goes to Incidents, Events, logs and metrics. */
export const CAUSES = {
  SecretMissing: "A Secret that the pods need does not exist.",
  ConfigMapMissing: "A ConfigMap that the pods need does not exist.",
  KeyMissing: "A Secret or ConfigMap exists but lacks a key that the pods need.",
  VolumeMissing: "A volume that the pods mount does not exist or cannot be mounted.",
  CommandNotRunnable:
    "The command of a container is not in its image, is not executable, or is built for another architecture.",
  ContainerRefused: "The kubelet cannot create the container from its spec.",
  ImageNotFound: "The registry has no such image or tag.",
  ImageAccessDenied: "The registry denies access to the image.",
  ImageNameInvalid: "The image name is not valid.",
  ImageNotOnNode: "The image is not on the node and must not be pulled (imagePullPolicy: Never).",
  RegistryUnreachable: "The registry of the image cannot be reached.",
  MemoryLimitExceeded: "A container uses more memory than its limit and is killed (OOMKilled).",
  InitContainerFails: "An init container fails, so the application never starts.",
  EnvironmentVariableMissing:
    "The application needs an environment variable that the new revision does not set.",
  LivenessProbeKills: "The kubelet kills a running container because its liveness probe fails.",
  ContainerCrashes: "The application exits.",
  QuotaExceeded: "The pods exceed a ResourceQuota of the namespace.",
  LimitRangeViolated: "The resources of the pods are outside a LimitRange of the namespace.",
  PodSecurityViolated: "The pods violate the Pod Security level of the namespace.",
  AdmissionDenied: "An admission webhook or policy denies the pods.",
  ServiceAccountMissing: "The ServiceAccount that the pods use does not exist.",
  InsufficientResources: "No node has enough of a resource that a pod requests.",
  NodeSelectorUnmatched: "No node has the labels that the pods require.",
  TaintNotTolerated: "The nodes have taints that the pods do not tolerate.",
  NodePlacementImpossible: "No node fits the pods for another reason: ports, volumes, topology spread.",
  NodeRejectsPods: "Nodes reject the pods because of their spec: a sysctl, a device, a label, capacity.",
  ServiceSelectorMismatch: "The labels of the pods do not match the selector of their Service.",
  ServicePortNotServed: "The Service sends traffic to a port that the pods do not have.",
  NetworkPolicyBlocks: "A NetworkPolicy blocks traffic to the pods or from them.",
  ProbePortNotServed: "A probe uses a port on which nothing listens.",
  ProbePathNotServed: "A probe uses a path that the application does not serve.",
  ProbeProtocolMismatch:
    "A probe uses another protocol than its port: HTTP for HTTPS, HTTPS for HTTP, or gRPC for neither.",
  HealthCheckFails: "The application answers its health check with an error.",
  HealthCheckTimesOut: "The application does not answer its health check within the timeout of the probe.",
  SlowStart: "The application is still starting when its probe gives up.",
  ReadinessGateNotSet: "No controller sets a readiness gate of the pods.",
  NoReadinessProbe:
    "No container has a readiness probe, so Kubernetes reports the pods as ready as soon as they run.",
  ErrorRateHigher: "The new version answers more requests with errors than the old one.",
  AnswersSlower: "The new version answers more slowly than the old one.",
  AnswerBodyWrong: "The new version answers with another body than the guard expects.",
  EnvironmentTrouble: "The environment is failing, not the release.",
  RolledBackBefore: "The same release failed before; its Incident names the cause.",
  Unknown: "The cause is not known; the Incident keeps the evidence.",
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
