// The resources that are there without any CRD, in one table.
import type { PodSpec } from "../kinds.ts";
import type { KubeObject } from "../kube-object.ts";
import type { ResourceDefinition } from "../resource-definition.ts";
import { validateCrd } from "../validation/crd-validation.ts";
import { validateData } from "../validation/data-validation.ts";
import { validateEvent } from "../validation/event-validation.ts";
import { validateLease } from "../validation/lease-validation.ts";
import { validatePod } from "../validation/pod-validation.ts";
import { validateService } from "../validation/service-validation.ts";
import { validateWorkload } from "../validation/workload-validation.ts";
import {
  deploymentWithDefaults,
  podWithDefaults,
  qosClassOf,
  replicaSetWithDefaults,
  secretWithDefaults,
  serviceWithDefaults,
} from "./workload-defaults.ts";

type Row = Pick<ResourceDefinition, "plural" | "kind"> & Partial<ResourceDefinition>;

function resource(row: Row): ResourceDefinition {
  return {
    id: row.plural,
    group: "",
    version: "v1",
    singular: row.kind.toLowerCase(),
    isNamespaced: true,
    isCustom: false,
    hasStatus: false,
    hasGeneration: false,
    ...row,
  };
}

/** The definition of CustomResourceDefinitions: objects of it define further resources. */
export const CRD_RESOURCE: ResourceDefinition = resource({
  group: "apiextensions.k8s.io",
  plural: "customresourcedefinitions",
  kind: "CustomResourceDefinition",
  shortNames: ["crd", "crds"],
  categories: ["api-extensions"],
  isNamespaced: false,
  hasStatus: true,
  hasGeneration: true,
  validate: (crd) => validateCrd(CRD_RESOURCE, crd),
});

export const PODS: ResourceDefinition = resource({
  plural: "pods",
  kind: "Pod",
  shortNames: ["po"],
  categories: ["all"],
  hasStatus: true,
  hasGeneration: true,
  fieldLabels: [
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.serviceAccountName",
    "status.phase",
    "status.podIP",
  ],
  withDefaults: podWithDefaults,
  initialStatus: (pod) => ({ phase: "Pending", qosClass: qosClassOf(pod.spec as PodSpec) }),
  validate: (pod, previous) => validatePod(PODS, pod, previous),
});

const DEPLOYMENTS: ResourceDefinition = resource({
  group: "apps",
  plural: "deployments",
  kind: "Deployment",
  shortNames: ["deploy"],
  categories: ["all"],
  hasStatus: true,
  hasScale: true,
  hasGeneration: true,
  withDefaults: deploymentWithDefaults,
  initialStatus: () => ({}),
  validate: (object, previous) => validateWorkload(DEPLOYMENTS, object, previous),
});

const REPLICA_SETS: ResourceDefinition = resource({
  group: "apps",
  plural: "replicasets",
  kind: "ReplicaSet",
  shortNames: ["rs"],
  categories: ["all"],
  hasStatus: true,
  hasScale: true,
  hasGeneration: true,
  fieldLabels: ["status.replicas"],
  withDefaults: replicaSetWithDefaults,
  initialStatus: () => ({ replicas: 0 }),
  validate: (object, previous) => validateWorkload(REPLICA_SETS, object, previous),
});

const SERVICES: ResourceDefinition = resource({
  plural: "services",
  kind: "Service",
  shortNames: ["svc"],
  categories: ["all"],
  hasStatus: true,
  fieldLabels: ["spec.clusterIP", "spec.type"],
  withDefaults: serviceWithDefaults,
  initialStatus: () => ({ loadBalancer: {} }),
  validate: (object, previous) => validateService(SERVICES, object, previous),
});

const SECRETS: ResourceDefinition = resource({
  plural: "secrets",
  kind: "Secret",
  fieldLabels: ["type"],
  withDefaults: secretWithDefaults,
  validate: (object, previous) => validateData(SECRETS, object, previous),
});

const CONFIG_MAPS: ResourceDefinition = resource({
  plural: "configmaps",
  kind: "ConfigMap",
  shortNames: ["cm"],
  validate: (object, previous) => validateData(CONFIG_MAPS, object, previous),
});

const LEASES: ResourceDefinition = resource({
  group: "coordination.k8s.io",
  plural: "leases",
  kind: "Lease",
  isMadeByUpdate: true,
  isLocked: true,
  validate: (object) => validateLease(LEASES, object),
});

/** What Go writes of an Event that says nothing of it. */
const EVENT_ZEROES = {
  source: {},
  firstTimestamp: null,
  lastTimestamp: null,
  eventTime: null,
  reportingComponent: "",
  reportingInstance: "",
};

const EVENT_FIELDS = [
  ...["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"].map(
    (field) => `involvedObject.${field}`,
  ),
  "reason",
  "type",
  "reportingComponent",
];

const EVENTS: ResourceDefinition = resource({
  plural: "events",
  kind: "Event",
  shortNames: ["ev"],
  isMadeByUpdate: true,
  fieldLabels: EVENT_FIELDS,
  withDefaults: (event) => ({ ...EVENT_ZEROES, ...event }),
  validate: (event) => validateEvent(EVENTS, event),
});

const STORAGE = { group: "storage.k8s.io", isNamespaced: false };
const RBAC = { group: "rbac.authorization.k8s.io" };

/** Every namespace can be selected by its name. */
function namespaceWithDefaults(object: KubeObject): KubeObject {
  const { metadata } = object;
  const labels = { ...metadata.labels, "kubernetes.io/metadata.name": metadata.name };
  return { ...object, metadata: { ...metadata, labels }, spec: { finalizers: ["kubernetes"] } };
}

export const BUILT_IN_RESOURCES: readonly ResourceDefinition[] = [
  resource({
    plural: "namespaces",
    kind: "Namespace",
    shortNames: ["ns"],
    isNamespaced: false,
    hasStatus: true,
    fieldLabels: ["status.phase"],
    withDefaults: namespaceWithDefaults,
    initialStatus: () => ({ phase: "Active" }),
  }),
  resource({
    plural: "nodes",
    kind: "Node",
    shortNames: ["no"],
    isNamespaced: false,
    hasStatus: true,
    fieldLabels: ["spec.unschedulable"],
  }),
  PODS,
  SERVICES,
  resource({
    plural: "endpoints",
    kind: "Endpoints",
    singular: "endpoints",
    shortNames: ["ep"],
    isMadeByUpdate: true,
    deprecation: "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
  }),
  EVENTS,
  SECRETS,
  CONFIG_MAPS,
  resource({
    plural: "resourcequotas",
    kind: "ResourceQuota",
    shortNames: ["quota"],
    hasStatus: true,
    initialStatus: () => ({}),
  }),
  resource({
    group: "policy",
    plural: "poddisruptionbudgets",
    kind: "PodDisruptionBudget",
    shortNames: ["pdb"],
    hasStatus: true,
    hasGeneration: true,
    initialStatus: () => ({ currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 }),
  }),
  // Stored and not enforced.
  resource({
    group: "networking.k8s.io",
    plural: "networkpolicies",
    kind: "NetworkPolicy",
    shortNames: ["netpol"],
    hasGeneration: true,
  }),
  resource({ plural: "limitranges", kind: "LimitRange", shortNames: ["limits"] }),
  resource({ plural: "serviceaccounts", kind: "ServiceAccount", shortNames: ["sa"] }),
  DEPLOYMENTS,
  REPLICA_SETS,
  // Stored; what it would measure is played by add-ons/pod-autoscaler.ts.
  resource({
    group: "autoscaling",
    version: "v2",
    plural: "horizontalpodautoscalers",
    kind: "HorizontalPodAutoscaler",
    shortNames: ["hpa"],
    categories: ["all"],
    hasStatus: true,
    hasGeneration: false,
    initialStatus: () => ({ currentMetrics: null, desiredReplicas: 0 }),
  }),
  resource({
    group: "discovery.k8s.io",
    plural: "endpointslices",
    kind: "EndpointSlice",
    hasGeneration: true,
  }),
  LEASES,
  resource({
    plural: "persistentvolumeclaims",
    kind: "PersistentVolumeClaim",
    shortNames: ["pvc"],
    hasStatus: true,
    initialStatus: () => ({ phase: "Pending" }),
  }),
  resource({
    plural: "persistentvolumes",
    kind: "PersistentVolume",
    shortNames: ["pv"],
    isNamespaced: false,
    hasStatus: true,
    initialStatus: () => ({ phase: "Available" }),
  }),
  resource({ ...STORAGE, plural: "storageclasses", kind: "StorageClass", shortNames: ["sc"] }),
  resource({
    ...STORAGE,
    plural: "volumeattachments",
    kind: "VolumeAttachment",
    hasStatus: true,
    initialStatus: () => ({ attached: false }),
  }),
  resource({ ...RBAC, plural: "roles", kind: "Role" }),
  resource({ ...RBAC, plural: "rolebindings", kind: "RoleBinding" }),
  resource({ ...RBAC, plural: "clusterroles", kind: "ClusterRole", isNamespaced: false }),
  resource({ ...RBAC, plural: "clusterrolebindings", kind: "ClusterRoleBinding", isNamespaced: false }),
  CRD_RESOURCE,
];
