// Objects as an API server would send them, for tests: a healthy one by default, a test states what differs.
import type { RawObject } from "../objects.ts";

export const NAMESPACE = "shop";
const CREATED = "2026-03-01T10:00:00Z";
export const CREATED_AT = Date.parse(CREATED);

interface Metadata {
  readonly [field: string]: unknown;
}

function metadata(name: string, more: Metadata = {}): RawObject {
  return {
    name,
    namespace: NAMESPACE,
    uid: `uid-${name}`,
    resourceVersion: "100",
    creationTimestamp: CREATED,
    ...more,
  };
}

const controlledBy = (kind: string, name: string) => ({
  ownerReferences: [{ apiVersion: "apps/v1", kind, name, uid: `uid-${name}`, controller: true }],
});

export function rawGuard(
  name: string,
  target: string,
  more: { spec?: object; status?: object; metadata?: Metadata } = {},
): RawObject {
  return {
    metadata: metadata(name, more.metadata),
    spec: { target: { name: target }, ...more.spec },
    ...(more.status && { status: more.status }),
  };
}

/** A pod template with the label app=`app`. */
export function rawTemplate(
  app: string,
  image = "shop/app:1",
  labels: Record<string, string> = {},
): RawObject {
  return {
    metadata: { creationTimestamp: null, labels: { app, ...labels } },
    spec: {
      containers: [{ name: "app", image, ports: [{ name: "http", containerPort: 8080 }], resources: {} }],
    },
  };
}

export function rawDeployment(
  name: string,
  more: { spec?: object; status?: object; metadata?: Metadata } = {},
): RawObject {
  return {
    metadata: metadata(name, { generation: 1, ...more.metadata }),
    spec: { replicas: 1, template: rawTemplate(name), ...more.spec },
    status: {
      observedGeneration: 1,
      replicas: 1,
      updatedReplicas: 1,
      readyReplicas: 1,
      availableReplicas: 1,
      ...more.status,
    },
  };
}

/** The ReplicaSet "<deployment>-<hash>". */
export function rawReplicaSet(
  deployment: string,
  hash: string,
  more: { spec?: object; metadata?: Metadata } = {},
): RawObject {
  return {
    metadata: metadata(`${deployment}-${hash}`, {
      ...controlledBy("Deployment", deployment),
      labels: { app: deployment, "pod-template-hash": hash },
      annotations: { "deployment.kubernetes.io/revision": "1" },
      ...more.metadata,
    }),
    spec: {
      replicas: 1,
      template: rawTemplate(deployment, "shop/app:1", { "pod-template-hash": hash }),
      ...more.spec,
    },
    status: { replicas: 1, readyReplicas: 1, availableReplicas: 1 },
  };
}

const condition = (type: string, status: string, more: object = {}) => ({
  type,
  status,
  lastTransitionTime: "2026-03-01T10:00:05Z",
  ...more,
});

export const RUNNING = {
  name: "app",
  ready: true,
  started: true,
  restartCount: 0,
  state: { running: { startedAt: "2026-03-01T10:00:02Z" } },
  lastState: {},
};

/** A container status that waits for the reason given. */
export function waiting(reason: string, message = "", name = "app"): RawObject {
  return {
    name,
    ready: false,
    started: false,
    restartCount: 0,
    state: { waiting: { reason, message } },
    lastState: {},
  };
}

/** A running, ready pod of the ReplicaSet, or with the container statuses given. */
export function rawPod(
  name: string,
  replicaSet: string,
  more: { containers?: readonly object[]; spec?: object; status?: object; metadata?: Metadata } = {},
): RawObject {
  return {
    metadata: metadata(name, { ...controlledBy("ReplicaSet", replicaSet), ...more.metadata }),
    spec: { nodeName: "node1", containers: [{ name: "app" }], ...more.spec },
    status: {
      phase: "Running",
      conditions: ["PodScheduled", "Initialized", "ContainersReady", "Ready"].map((type) =>
        condition(type, "True"),
      ),
      containerStatuses: more.containers ?? [RUNNING],
      ...more.status,
    },
  };
}

export function rawService(
  name: string,
  selector: Record<string, string>,
  more: { spec?: object; metadata?: Metadata } = {},
): RawObject {
  return { metadata: metadata(name, more.metadata), spec: { selector, ports: [{ port: 80 }], ...more.spec } };
}

/** A slice of the Service with one ready endpoint for each pod named. */
export function rawSlice(
  service: string,
  pods: readonly string[],
  more: { name?: string; endpoints?: readonly object[]; ports?: readonly object[]; metadata?: Metadata } = {},
): RawObject {
  const ready = { ready: true, serving: true, terminating: false };
  return {
    metadata: metadata(more.name ?? `${service}-1`, {
      labels: { "kubernetes.io/service-name": service },
      ...more.metadata,
    }),
    addressType: "IPv4",
    ports: more.ports ?? [{ port: 8080 }],
    endpoints:
      more.endpoints ??
      pods.map((pod) => ({
        addresses: ["10.0.0.1"],
        conditions: ready,
        targetRef: { kind: "Pod", uid: `uid-${pod}` },
      })),
  };
}

export function rawEvent(
  name: string,
  kind: string,
  involved: string,
  more: { lastTimestamp?: string; metadata?: Metadata } = {},
): RawObject {
  return {
    metadata: metadata(name, more.metadata),
    type: "Warning",
    reason: "Unhealthy",
    message: "Readiness probe failed",
    count: 1,
    lastTimestamp: more.lastTimestamp ?? "2026-03-01T10:00:10Z",
    involvedObject: { kind, name: involved, namespace: NAMESPACE, uid: `uid-${involved}` },
  };
}

export function rawIncident(name: string, target: string, status?: object): RawObject {
  return {
    metadata: metadata(name),
    spec: {
      guard: { name: "guard", uid: "uid-guard" },
      target: { kind: "Deployment", name: target, uid: `uid-${target}` },
      failedRevision: { hash: "b", revision: 2, images: ["shop/app:2"] },
      action: "None",
      reason: "CrashLooping",
      message: "it crashes",
      findings: [],
      rolloutStartedAt: CREATED,
      detectedAt: CREATED,
    },
    ...(status && { status }),
  };
}

/** A step of an Incident that undoes a rollout of that Deployment. */
export function rawUndo(
  name: string,
  step: { readonly from: string; readonly to: string; readonly startedAt: string },
): RawObject {
  return { action: "Undo", object: { kind: "Deployment", name }, ...step };
}

/** The object with another resourceVersion. */
export function atVersion(object: RawObject, resourceVersion: string): RawObject {
  return { ...object, metadata: { ...(object.metadata as object), resourceVersion } };
}
