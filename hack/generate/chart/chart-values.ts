// The values of the Helm chart, once: values.yaml, its schema and the table in the chart's README are made from this.
import { z } from "zod";
import { CALLS_BY_CHOICE } from "../../../src/kube/api-calls.ts";
import { SETTINGS } from "../../../src/operator/settings-table.ts";

/** Something of Kubernetes that is written as it is. */
const kubeObject = z.record(z.string(), z.unknown());
const kubeList = z.array(kubeObject);
const texts = z.record(z.string(), z.string());

/** The chart sets these itself, or they make no sense in a pod. */
const NOT_BY_USERS = [
  "kubeconfig",
  "context",
  "namespaces",
  "metricsAddress",
  "metricsSecureAddress",
  "metricSources",
  "clockRate",
  "identity",
  "leaderElection",
  "leaseName",
  "leaseNamespace",
];

/** What a user of the chart can set, by the name in the values: that of the flag in camel case. */
export const CHART_SETTINGS = Object.entries(SETTINGS)
  .filter(([key]) => !NOT_BY_USERS.includes(key))
  .map(([, { flag, variable, help }]) => ({ name: camelCase(flag.slice(2)), flag, variable, help }));

const settings = z
  .strictObject(
    Object.fromEntries(
      CHART_SETTINGS.map(({ name, flag, help }) => [
        name,
        z.union([z.string(), z.number(), z.boolean()]).optional().describe(`${help} (\`${flag}\`)`),
      ]),
    ),
  )
  .default({})
  .describe(
    "Settings of the operator; docs/reference/settings.md lists them, each here by the name of its flag in camel case",
  );

const features = z
  .strictObject(
    Object.fromEntries(
      CALLS_BY_CHOICE.map(({ component, why }) => [
        camelCase(component),
        z.boolean().default(false).describe(`${why}`),
      ]),
    ),
  )
  .prefault({})
  .describe("Optional features, each with the permission that it needs");

/** The values in the order of values.yaml. */
export const chartValues = z.strictObject({
  image: z
    .strictObject({
      registry: z.string().default("").describe("Registry, such as registry.example.com"),
      repository: z.string().default("rolloutguard").describe("Repository in the registry"),
      tag: z.string().default("").describe("Tag; the version of the chart if empty"),
      digest: z.string().default("").describe("Digest, such as sha256:…; takes precedence over the tag"),
      pullPolicy: z
        .enum(["", "Always", "IfNotPresent", "Never"])
        .default("")
        .describe("Pull policy; that of Kubernetes if empty"),
    })
    .prefault({})
    .describe("Image of the operator"),
  imagePullSecrets: kubeList.default([]).describe("Secrets for the registry, such as [{name: registry}]"),
  fullnameOverride: z
    .string()
    .default("")
    .describe("Name of all objects, instead of one made from the release"),
  commonLabels: texts.default({}).describe("Labels for all objects"),
  crds: z
    .strictObject({
      enabled: z.boolean().default(true).describe("Install and upgrade the CustomResourceDefinitions"),
      keep: z
        .boolean()
        .default(true)
        .describe("Keep them, and with them guards and Incidents, when the release is uninstalled"),
      annotations: texts.default({}).describe("More annotations for them"),
    })
    .prefault({})
    .describe("CustomResourceDefinitions"),
  watch: z
    .strictObject({
      namespaces: z
        .array(z.string())
        .default([])
        .describe(
          "Namespaces to watch, each with a Role of its own; the whole cluster, with a ClusterRole, if empty",
        ),
    })
    .prefault({})
    .describe("What the operator watches"),
  settings,
  features,
  secureMetrics: z
    .strictObject({
      enabled: z
        .boolean()
        .default(false)
        .describe("Serve metrics over TLS on port 8443, to accounts that have permission to read them"),
    })
    .prefault({})
    .describe("Protection of the metrics"),
  metricSources: z
    .strictObject({
      enabled: z
        .boolean()
        .default(false)
        .describe("Ask Prometheus, or what speaks its API, for metric checks; docs/how-to/metric-sources.md"),
      configMap: z
        .string()
        .default("rolloutguard-metric-sources")
        .describe("ConfigMap whose key sources.yaml describes the sources"),
      egress: kubeList
        .default([{ ports: [{ protocol: "TCP", port: 9090 }] }])
        .describe("Egress rules for the sources"),
    })
    .prefault({})
    .describe("Sources of metric checks"),
  rbac: z
    .strictObject({
      create: z.boolean().default(true).describe("Create the roles of the operator and their bindings"),
      aggregateClusterRoles: z
        .boolean()
        .default(true)
        .describe("Add guards and Incidents to the ClusterRoles view, edit and admin"),
    })
    .prefault({})
    .describe("Permissions"),
  serviceAccount: z
    .strictObject({
      create: z.boolean().default(true).describe("Create the ServiceAccount"),
      name: z.string().default("").describe("Its name; that of the other objects if empty"),
      annotations: texts.default({}).describe("Its annotations"),
    })
    .prefault({})
    .describe("ServiceAccount of the operator"),
  replicas: z
    .number()
    .int()
    .min(0)
    .default(2)
    .describe("Number of pods; one acts, and the others stand by with filled caches"),
  podAnnotations: texts.default({}).describe("Annotations for the pods"),
  podLabels: texts.default({}).describe("Labels for the pods"),
  podSecurityContext: kubeObject
    .default({
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      seccompProfile: { type: "RuntimeDefault" },
    })
    .describe("Security context of the pods"),
  containerSecurityContext: kubeObject
    .default({
      allowPrivilegeEscalation: false,
      privileged: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    })
    .describe("Security context of the container"),
  resources: kubeObject
    .default({ requests: { cpu: "50m", memory: "192Mi" }, limits: { memory: "512Mi" } })
    .describe("Resources of the container; the heap follows the memory limit"),
  terminationGracePeriodSeconds: z
    .number()
    .int()
    .default(20)
    .describe("Longer than the setting shutdownTimeout"),
  priorityClassName: z.string().default("").describe("PriorityClass of the pods"),
  nodeSelector: texts.default({}).describe("Node selector of the pods"),
  tolerations: kubeList.default([]).describe("Tolerations of the pods"),
  affinity: kubeObject.default({}).describe("Affinity of the pods"),
  topologySpreadConstraints: kubeList
    .default([])
    .describe("Constraints instead of the default, which prefers different nodes and zones"),
  extraArgs: z.array(z.string()).default([]).describe("More arguments for the operator"),
  extraEnv: kubeList.default([]).describe("More environment variables for the operator"),
  extraVolumes: kubeList.default([]).describe("More volumes for the pods"),
  extraVolumeMounts: kubeList.default([]).describe("More volume mounts for the container"),
  extraObjects: kubeList.default([]).describe("More objects for the release; their texts can be templates"),
  podDisruptionBudget: z
    .strictObject({
      enabled: z.boolean().default(true).describe("Create a PodDisruptionBudget"),
      maxUnavailable: z
        .union([z.number().int(), z.string()])
        .default(1)
        .describe("Number of pods that can be evicted at a time"),
    })
    .prefault({})
    .describe("Evictions of the pods"),
  networkPolicy: z
    .strictObject({
      enabled: z.boolean().default(true).describe("Create a NetworkPolicy"),
      metricsFrom: kubeList
        .default([{ namespaceSelector: { matchLabels: { metrics: "enabled" } } }])
        .describe("Peers that can read the metrics"),
      egress: kubeList
        .default([
          { ports: [443, 6443, 8443].map((port) => ({ protocol: "TCP", port })) },
          {
            ports: [
              { protocol: "UDP", port: 53 },
              { protocol: "TCP", port: 53 },
            ],
          },
        ])
        .describe("Egress rules: the usual ports of API servers, and DNS"),
    })
    .prefault({})
    .describe("Network of the pods"),
  monitoring: z
    .strictObject({
      podMonitor: z
        .strictObject({
          enabled: z.boolean().default(false).describe("Create a PodMonitor for the Prometheus Operator"),
          labels: texts
            .default({})
            .describe("Its labels; kube-prometheus-stack selects only {release: NAME} by default"),
          annotations: texts.default({}).describe("Its annotations"),
          endpoint: kubeObject.default({}).describe("More fields of its endpoint, such as interval"),
        })
        .prefault({})
        .describe("PodMonitor"),
      prometheusRule: z
        .strictObject({
          enabled: z.boolean().default(false).describe("Create a PrometheusRule with the alerts"),
          labels: texts
            .default({})
            .describe("Its labels; kube-prometheus-stack selects only {release: NAME} by default"),
          annotations: texts.default({}).describe("Its annotations"),
        })
        .prefault({})
        .describe("PrometheusRule; docs/reference/alerts.md has the alerts"),
    })
    .prefault({})
    .describe("Objects for monitoring"),
  // Helm gives it to every chart that another one includes.
  global: kubeObject.optional().describe("Global values of a parent chart; not used"),
});

/** "log-level" → "logLevel". */
export function camelCase(name: string): string {
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
