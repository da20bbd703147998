// One application of the scene as it is long after its last rollout: Deployment, ReplicaSets, pods, Service, slice.

import {
  deploymentWithDefaults,
  podWithDefaults,
  REVISION,
  serviceWithDefaults,
  sizeAnnotations,
  templateHash,
} from "@rolloutguard/simulated-cluster/controllers";
import {
  controllerReference,
  type Deployment,
  type EndpointSlice,
  type KubeObject,
  type Pod,
  type PodTemplate,
  type ReplicaSet,
  type Service,
} from "@rolloutguard/simulated-cluster/objects";
import type { Random } from "@rolloutguard/simulated-cluster/random";
import { applicationTemplate, labelsOf, TAGS } from "./application-template.ts";
import { managedBy } from "./managed-fields.ts";
import { boundSpec, podManagedFields, podStatus } from "./pod-objects.ts";
import type { Place } from "./scene-plan.ts";

/** When things happened (RFC 3339). */
export interface Times {
  /** The first rollout. */
  readonly createdAt: string;
  /** The last one, and when its pods started. */
  readonly rolledOutAt: string;
  readonly readyAt: string;
}

/** Gives every pod a node and an address. */
export interface Seats {
  next(): { readonly nodeName: string; readonly hostIP: string; readonly podIP: string };
}

/** An object and the plural of its resource, ready to be stored. */
export interface Placed {
  readonly resource: "deployments" | "replicasets" | "pods" | "services" | "endpointslices";
  readonly object: KubeObject;
}

/** All objects of the application, owners first. `replicas` pods are ready; one earlier revision is kept. */
export function settledApplication(
  { namespace, name }: Place,
  replicas: number,
  times: Times,
  parts: { readonly random: Random; readonly seats: Seats },
): readonly Placed[] {
  const { random } = parts;
  const deployment = settledDeployment(namespace, name, replicas, times, random);
  const earlier = settledSet(deployment, TAGS.earlier, 1, 0, times.createdAt, random);
  const present = settledSet(deployment, TAGS.present, 2, replicas, times.rolledOutAt, random);
  const pods = settledPods(present, replicas, times, parts);
  const service = settledService(namespace, name, times, random);
  return [
    { resource: "deployments", object: deployment },
    { resource: "replicasets", object: earlier },
    { resource: "replicasets", object: present },
    ...pods.map((object) => ({ resource: "pods" as const, object })),
    { resource: "services", object: service },
    { resource: "endpointslices", object: settledSlice(service, pods, times, random) },
  ];
}

function settledDeployment(
  namespace: string,
  name: string,
  replicas: number,
  { createdAt, rolledOutAt, readyAt }: Times,
  random: Random,
): Deployment {
  const matchLabels = { "app.kubernetes.io/name": name };
  const manifest = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels: labelsOf(name) },
    spec: { replicas, selector: { matchLabels }, template: applicationTemplate(name, TAGS.present) },
  };
  const { metadata, ...rest } = deploymentWithDefaults(manifest as unknown as KubeObject) as Deployment;
  const hash = templateHash(rest.spec.template);
  const condition = (type: string, reason: string, message: string, since: string) => ({
    type,
    status: "True" as const,
    lastUpdateTime: since,
    lastTransitionTime: since,
    reason,
    message,
  });
  const status = {
    observedGeneration: 2,
    replicas,
    updatedReplicas: replicas,
    readyReplicas: replicas,
    availableReplicas: replicas,
    terminatingReplicas: 0,
    conditions: [
      condition("Available", "MinimumReplicasAvailable", "Deployment has minimum availability.", createdAt),
      condition(
        "Progressing",
        "NewReplicaSetAvailable",
        `ReplicaSet "${name}-${hash}" has successfully progressed.`,
        readyAt,
      ),
    ],
  };
  return {
    ...rest,
    metadata: withManagedFields(
      {
        ...metadata,
        uid: random.uuid(),
        resourceVersion: "",
        generation: 2,
        creationTimestamp: createdAt,
        annotations: {
          [REVISION]: "2",
          "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify(manifest),
        },
      },
      [
        managedBy("kubectl-client-side-apply", "apps/v1", rolledOutAt, {
          metadata: manifest.metadata,
          spec: rest.spec,
        }),
        managedBy("kube-controller-manager", "apps/v1", readyAt, { status }, "status"),
      ],
    ),
    status,
  };
}

function settledSet(
  deployment: Deployment,
  tag: string,
  revision: number,
  replicas: number,
  createdAt: string,
  random: Random,
): ReplicaSet {
  const { name, namespace } = deployment.metadata;
  const template = withTag(deployment.spec.template, name, tag);
  const hash = templateHash(template);
  const labels = { ...template.metadata?.labels, "pod-template-hash": hash };
  const spec = {
    replicas,
    selector: { matchLabels: { ...deployment.spec.selector.matchLabels, "pod-template-hash": hash } },
    template: { ...template, metadata: { ...template.metadata, labels } },
  };
  const status = {
    replicas,
    ...(replicas > 0 && {
      fullyLabeledReplicas: replicas,
      readyReplicas: replicas,
      availableReplicas: replicas,
    }),
    terminatingReplicas: 0,
    observedGeneration: 1,
  };
  const annotations = { [REVISION]: String(revision), ...sizeAnnotations(deployment) };
  const ownerReferences = [controllerReference(deployment)];
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: withManagedFields(
      {
        name: `${name}-${hash}`,
        namespace,
        uid: random.uuid(),
        resourceVersion: "",
        generation: 1,
        creationTimestamp: createdAt,
        labels,
        annotations,
        ownerReferences,
      },
      [
        managedBy("kube-controller-manager", "apps/v1", createdAt, {
          metadata: { annotations, labels, ownerReferences },
          spec,
        }),
        managedBy("kube-controller-manager", "apps/v1", createdAt, { status }, "status"),
      ],
    ),
    spec,
    status,
  };
}

/** The template with another tag of its image. */
export function withTag(template: PodTemplate, name: string, tag: string): PodTemplate {
  const [container, ...others] = template.spec.containers;
  if (container === undefined) return template;
  const image = `registry.example.com/shop/${name}:${tag}`;
  return { ...template, spec: { ...template.spec, containers: [{ ...container, image }, ...others] } };
}

function settledPods(
  set: ReplicaSet,
  replicas: number,
  { rolledOutAt, readyAt }: Times,
  { random, seats }: { readonly random: Random; readonly seats: Seats },
): readonly Pod[] {
  const { name, namespace } = set.metadata;
  const { template } = set.spec;
  const ownerReferences = [controllerReference(set)];
  const pods: Pod[] = [];
  let managedFields: unknown;
  for (let i = 0; i < replicas; i++) {
    const seat = { ...seats.next(), startTime: rolledOutAt };
    const metadata = {
      name: `${name}-${random.suffix(5)}`,
      generateName: `${name}-`,
      namespace,
      uid: random.uuid(),
      resourceVersion: "",
      generation: 1,
      creationTimestamp: rolledOutAt,
      labels: template.metadata?.labels,
      annotations: template.metadata?.annotations,
      ownerReferences,
    };
    const bare = podWithDefaults({ apiVersion: "v1", kind: "Pod", metadata, spec: template.spec }) as Pod;
    const spec = boundSpec(bare.spec, seat.nodeName);
    const facts = { state: { running: { startedAt: readyAt } }, restartCount: 0, isReady: true };
    const pod: Pod = { ...bare, spec, status: podStatus({ spec }, seat, facts, readyAt) };
    // The same for all pods of a template.
    managedFields ??= podManagedFields(pod, readyAt);
    pods.push({ ...pod, metadata: withManagedFields(metadata, managedFields) });
  }
  return pods;
}

function settledService(namespace: string, name: string, { createdAt }: Times, random: Random): Service {
  const spec = {
    selector: { "app.kubernetes.io/name": name },
    ports: [{ name: "http", port: 80, targetPort: "http" }],
  };
  const metadata = {
    name,
    namespace,
    uid: random.uuid(),
    resourceVersion: "",
    creationTimestamp: createdAt,
    labels: labelsOf(name),
  };
  return serviceWithDefaults({
    apiVersion: "v1",
    kind: "Service",
    metadata: withManagedFields(metadata, [
      managedBy("kubectl-client-side-apply", "v1", createdAt, {
        metadata: { labels: metadata.labels },
        spec,
      }),
    ]),
    spec,
    status: { loadBalancer: {} },
  }) as Service;
}

function settledSlice(
  service: Service,
  pods: readonly Pod[],
  { createdAt, readyAt }: Times,
  random: Random,
): EndpointSlice {
  const { name, namespace } = service.metadata;
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: withManagedFields(
      {
        name: `${name}-${random.suffix(5)}`,
        generateName: `${name}-`,
        namespace,
        uid: random.uuid(),
        resourceVersion: "",
        generation: 1,
        creationTimestamp: createdAt,
        labels: {
          ...service.metadata.labels,
          "kubernetes.io/service-name": name,
          "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
        },
        annotations: { "endpoints.kubernetes.io/last-change-trigger-time": readyAt },
        ownerReferences: [controllerReference(service)],
      },
      [
        managedBy("kube-controller-manager", "discovery.k8s.io/v1", readyAt, {
          addressType: "",
          endpoints: "",
          ports: "",
          metadata: { annotations: {}, labels: {}, ownerReferences: {} },
        }),
      ],
    ),
    addressType: "IPv4",
    endpoints: pods.map((pod) => ({
      addresses: [pod.status.podIP ?? ""],
      conditions: { ready: true, serving: true, terminating: false },
      targetRef: { kind: "Pod", namespace: namespace ?? "", name: pod.metadata.name, uid: pod.metadata.uid },
      ...(pod.spec.nodeName && { nodeName: pod.spec.nodeName }),
    })),
    ports: [{ name: "http", protocol: "TCP", port: 8080 }],
  };
}

/** Metadata with managedFields, which no type of the simulated cluster knows and which it keeps as they are. */
function withManagedFields<M extends object>(metadata: M, managedFields: unknown): M {
  return { ...metadata, managedFields };
}
