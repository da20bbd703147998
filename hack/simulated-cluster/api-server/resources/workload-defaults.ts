// The defaults that Kubernetes fills into Deployments, ReplicaSets, Pods, Services and Secrets.
import type { Container, Pod, PodSpec, PodTemplate, Probe, Service } from "../kinds.ts";
import type { KubeObject, Texts } from "../kube-object.ts";

type Fields = Readonly<Record<string, unknown>>;

function probeWithDefaults(probe: Probe | undefined): Probe | undefined {
  if (probe === undefined || probe === null) return undefined;
  const httpGet = probe.httpGet && {
    ...probe.httpGet,
    path: probe.httpGet.path ?? "/",
    scheme: probe.httpGet.scheme ?? "HTTP",
  };
  return {
    ...probe,
    ...(httpGet && { httpGet }),
    timeoutSeconds: probe.timeoutSeconds ?? 1,
    periodSeconds: probe.periodSeconds ?? 10,
    successThreshold: probe.successThreshold ?? 1,
    failureThreshold: probe.failureThreshold ?? 3,
  };
}

function containerWithDefaults(container: Container): Container {
  // A missing image is refused later, by name.
  const image = container.image ?? "";
  const isMoving = image.endsWith(":latest") || !/:[^/]+$/.test(image);
  return {
    ...container,
    ...(container.ports && {
      ports: container.ports.map((port) => ({ ...port, protocol: port.protocol ?? "TCP" })),
    }),
    env: (container.env ?? []).length > 0 ? container.env : undefined,
    resources: container.resources ?? {},
    readinessProbe: probeWithDefaults(container.readinessProbe),
    livenessProbe: probeWithDefaults(container.livenessProbe),
    startupProbe: probeWithDefaults(container.startupProbe),
    terminationMessagePath: container["terminationMessagePath"] ?? "/dev/termination-log",
    terminationMessagePolicy: container["terminationMessagePolicy"] ?? "File",
    imagePullPolicy: container.imagePullPolicy ?? (isMoving ? "Always" : "IfNotPresent"),
  };
}

function podSpecWithDefaults(spec: PodSpec): PodSpec {
  return {
    ...spec,
    ...(spec.initContainers && { initContainers: spec.initContainers.map(containerWithDefaults) }),
    containers: (spec.containers ?? []).map(containerWithDefaults),
    restartPolicy: spec.restartPolicy ?? "Always",
    terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds ?? 30,
    dnsPolicy: spec["dnsPolicy"] ?? "ClusterFirst",
    securityContext: spec["securityContext"] ?? {},
    schedulerName: spec["schedulerName"] ?? "default-scheduler",
  };
}

function templateWithDefaults(template: PodTemplate | undefined): PodTemplate {
  return {
    metadata: template?.metadata ?? {},
    spec: podSpecWithDefaults(template?.spec ?? { containers: [] }),
  };
}

/** What the defaulting of a Deployment fills in. */
export function deploymentWithDefaults(object: KubeObject): KubeObject {
  const spec = object.spec as Fields | undefined;
  const strategy = spec?.["strategy"] as { type?: string; rollingUpdate?: Fields } | undefined;
  const type = strategy?.type ?? "RollingUpdate";
  return {
    ...object,
    spec: {
      ...spec,
      replicas: spec?.["replicas"] ?? 1,
      template: templateWithDefaults(spec?.["template"] as PodTemplate | undefined),
      strategy:
        type === "RollingUpdate"
          ? { type, rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%", ...strategy?.rollingUpdate } }
          : { ...strategy, type },
      minReadySeconds: spec?.["minReadySeconds"] || undefined,
      paused: spec?.["paused"] || undefined,
      revisionHistoryLimit: spec?.["revisionHistoryLimit"] ?? 10,
      progressDeadlineSeconds: spec?.["progressDeadlineSeconds"] ?? 600,
    },
  };
}

/** What the defaulting of a ReplicaSet fills in. */
export function replicaSetWithDefaults(object: KubeObject): KubeObject {
  const spec = object.spec as Fields | undefined;
  return {
    ...object,
    spec: {
      ...spec,
      replicas: spec?.["replicas"] ?? 1,
      minReadySeconds: spec?.["minReadySeconds"] || undefined,
      template: templateWithDefaults(spec?.["template"] as PodTemplate | undefined),
    },
  };
}

const TOLERATIONS = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"].map((key) => ({
  key,
  operator: "Exists",
  effect: "NoExecute",
  tolerationSeconds: 300,
}));

const NO_CONTAINERS: PodSpec = { containers: [] };
/** The pods of one ReplicaSet come with one and the same spec; they share what becomes of it. */
const completeSpecs = new WeakMap<PodSpec, PodSpec>();

/** What defaulting and the usual admission plugins fill into a Pod. */
export function podWithDefaults(object: KubeObject): KubeObject {
  const given = (object as Pod).spec ?? NO_CONTAINERS;
  let spec = completeSpecs.get(given);
  if (spec === undefined) {
    spec = completePodSpec(podSpecWithDefaults(given));
    completeSpecs.set(given, spec);
  }
  return { ...object, spec };
}

function completePodSpec(spec: PodSpec): PodSpec {
  return {
    ...spec,
    serviceAccountName: spec["serviceAccountName"] ?? "default",
    serviceAccount: spec["serviceAccount"] ?? spec["serviceAccountName"] ?? "default",
    tolerations: spec["tolerations"] ?? TOLERATIONS,
    priority: spec["priority"] ?? 0,
    enableServiceLinks: spec["enableServiceLinks"] ?? true,
    preemptionPolicy: spec["preemptionPolicy"] ?? "PreemptLowerPriority",
  };
}

/** BestEffort, Burstable or Guaranteed, from requests and limits. */
export function qosClassOf(spec: PodSpec): string {
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  const isEmpty = (container: Container) =>
    Object.keys({ ...container.resources?.requests, ...container.resources?.limits }).length === 0;
  if (containers.every(isEmpty)) return "BestEffort";
  const isGuaranteed = containers.every(({ resources }) => {
    const { limits = {}, requests = limits } = resources ?? {};
    return ["cpu", "memory"].every((name) => limits[name] !== undefined && limits[name] === requests[name]);
  });
  return isGuaranteed ? "Guaranteed" : "Burstable";
}

/** What the defaulting of a Service fills in; the address depends on the name only. */
export function serviceWithDefaults(object: KubeObject): KubeObject {
  const spec = ((object as Service).spec ?? {}) as Service["spec"] & Fields;
  const type = spec.type ?? "ClusterIP";
  const ports = spec.ports?.map((port) => ({
    ...port,
    protocol: port.protocol ?? "TCP",
    targetPort: port.targetPort ?? port.port,
  }));
  if (type === "ExternalName") return { ...object, spec: { ...spec, type, ports } };
  const clusterIP = spec["clusterIP"] ?? addressOf(`${object.metadata.namespace}/${object.metadata.name}`);
  return {
    ...object,
    spec: {
      ...spec,
      ports,
      clusterIP,
      clusterIPs: spec["clusterIPs"] ?? [clusterIP],
      type,
      sessionAffinity: spec["sessionAffinity"] ?? "None",
      ipFamilies: spec["ipFamilies"] ?? ["IPv4"],
      ipFamilyPolicy: spec["ipFamilyPolicy"] ?? "SingleStack",
      internalTrafficPolicy: spec["internalTrafficPolicy"] ?? "Cluster",
    },
  };
}

/** What the defaulting of a Secret fills in: plain texts become encoded data. */
export function secretWithDefaults({ stringData, ...secret }: KubeObject): KubeObject {
  const texts = Object.entries((stringData ?? {}) as Texts);
  const encoded = texts.map(([key, text]) => [key, Buffer.from(text).toString("base64")] as const);
  const data = { ...(secret["data"] as Texts | undefined), ...Object.fromEntries(encoded) };
  const hasData = texts.length > 0 || secret["data"] !== undefined;
  return { ...(secret as KubeObject), ...(hasData && { data }), type: secret["type"] ?? "Opaque" };
}

function addressOf(key: string): string {
  let hash = 0;
  for (let i = 0; i < key.length; i++) hash = (Math.imul(hash, 31) + key.charCodeAt(i)) >>> 0;
  return `10.96.${(hash >>> 8) & 255}.${1 + ((hash & 255) % 254)}`;
}
