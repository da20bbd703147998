// Pods as an API server shows them, at each station of their lives. Pure.
import { qosClassOf } from "@rolloutguard/simulated-cluster/controllers";
import type {
  Condition,
  ContainerState,
  ContainerStatus,
  KubeObject,
  Pod,
  PodSpec,
  PodStatus,
} from "@rolloutguard/simulated-cluster/objects";
import { managedBy } from "./managed-fields.ts";

/** How the pod's container is. */
export interface ContainerFacts {
  readonly state: ContainerState;
  readonly lastState?: ContainerState;
  readonly restartCount: number;
  readonly isReady: boolean;
}

/** Where the pod runs and since when. */
export interface Seat {
  readonly nodeName: string;
  readonly hostIP: string;
  readonly podIP: string;
  /** RFC 3339. */
  readonly startTime: string;
}

/** The condition by which an agent of the scene says that it has looked at the pod: what unrelated changes change. */
const HEARTBEAT = "example.com/Inspected";

/** The volume and mount that the admission of service accounts adds to every pod. */
const TOKEN_VOLUME = {
  name: "kube-api-access-x7k2p",
  projected: {
    sources: [
      { serviceAccountToken: { expirationSeconds: 3_607, path: "token" } },
      { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
      {
        downwardAPI: {
          items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }],
        },
      },
    ],
    defaultMode: 420,
  },
};
const TOKEN_MOUNT = {
  name: TOKEN_VOLUME.name,
  readOnly: true,
  mountPath: "/var/run/secrets/kubernetes.io/serviceaccount",
};

/** The spec of a pod once it is bound, with what admission adds. */
export function boundSpec(spec: PodSpec, nodeName: string): PodSpec {
  return {
    ...spec,
    nodeName,
    volumes: [...(spec.volumes ?? []), TOKEN_VOLUME],
    containers: spec.containers.map((container) => ({
      ...container,
      volumeMounts: [...((container["volumeMounts"] as unknown[] | undefined) ?? []), TOKEN_MOUNT],
    })),
  };
}

/** The managedFields of a pod: of the controller that made it and of the kubelet that reports on it. */
export function podManagedFields(pod: Pick<Pod, "spec" | "status" | "metadata">, time: string) {
  const { generateName, labels, annotations, ownerReferences } = pod.metadata;
  const { nodeName: _nodeName, volumes = [], ...spec } = pod.spec;
  return [
    managedBy("kube-controller-manager", "v1", time, {
      metadata: { generateName, labels, annotations, ownerReferences },
      spec: { ...spec, volumes: volumes.filter(({ name }) => name !== TOKEN_VOLUME.name) },
    }),
    managedBy("kubelet", "v1", time, { status: pod.status }, "status"),
  ];
}

/** The pod's status by the kubelet. Conditions that did not change keep their time. */
export function podStatus(
  pod: { readonly spec: PodSpec; readonly status?: PodStatus | undefined },
  seat: Seat,
  facts: ContainerFacts,
  now: string,
): PodStatus {
  const [container] = pod.spec.containers;
  const before = pod.status?.conditions ?? [];
  const condition = (
    type: string,
    isTrue: boolean,
    why?: Pick<Condition, "reason" | "message">,
  ): Condition => {
    const status = isTrue ? "True" : "False";
    const same = before.find((one) => one.type === type && one.status === status);
    const lastTransitionTime = same?.lastTransitionTime ?? now;
    return {
      type,
      observedGeneration: 1,
      status,
      lastProbeTime: null,
      lastTransitionTime,
      ...(isTrue ? {} : why),
    };
  };
  const unready = {
    reason: "ContainersNotReady",
    message: `containers with unready status: [${container?.name}]`,
  };
  const hasStarted = facts.state.waiting?.reason !== "ContainerCreating";
  return {
    observedGeneration: 1,
    phase: hasStarted ? "Running" : "Pending",
    conditions: [
      condition("PodReadyToStartContainers", hasStarted),
      condition("Initialized", true),
      condition("Ready", facts.isReady, unready),
      condition("ContainersReady", facts.isReady, unready),
      condition("PodScheduled", true),
      { type: HEARTBEAT, status: "True", lastProbeTime: null, lastTransitionTime: seat.startTime },
    ],
    hostIP: seat.hostIP,
    hostIPs: [{ ip: seat.hostIP }],
    ...(hasStarted && { podIP: seat.podIP, podIPs: [{ ip: seat.podIP }] }),
    startTime: seat.startTime,
    containerStatuses: container === undefined ? [] : [containerStatus(container, facts)],
    qosClass: qosClassOf(pod.spec),
    resources: {},
  };
}

function containerStatus(
  container: { readonly name: string; readonly image: string; readonly [field: string]: unknown },
  { state, lastState = {}, restartCount, isReady }: ContainerFacts,
): ContainerStatus & Readonly<Record<string, unknown>> {
  const { name, image } = container;
  const id = hexOf(`${image}${restartCount}`);
  return {
    name,
    state,
    lastState,
    ready: isReady,
    restartCount,
    image,
    imageID: `registry.example.com/shop@sha256:${hexOf(image)}`,
    ...(state.waiting === undefined && { containerID: `containerd://${id}` }),
    started: state.running !== undefined,
    allocatedResources: { cpu: "250m", memory: "256Mi" },
    resources: container["resources"],
    volumeMounts: container["volumeMounts"],
    user: { linux: { uid: 10_001, gid: 0, supplementalGroups: [10_001] } },
  };
}

/** The pod after an unrelated change of its status: an agent has looked at it again. */
export function inspected(pod: KubeObject, now: string): KubeObject {
  const status = pod.status as PodStatus;
  const conditions = status.conditions?.map((condition) =>
    condition.type === HEARTBEAT ? { ...condition, lastHeartbeatTime: now } : condition,
  );
  return { ...pod, status: { ...status, conditions } };
}

/** 64 hexadecimal digits that depend on the text. */
function hexOf(text: string): string {
  let hash = 0x811c9dc5;
  let digits = "";
  for (let round = 0; digits.length < 64; round++) {
    for (const character of `${text}${round}`) {
      hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
    }
    digits += hash.toString(16).padStart(8, "0");
  }
  return digits.slice(0, 64);
}
