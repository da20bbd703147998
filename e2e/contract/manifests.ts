// What the cases create: a small Deployment, its Service, a guard, an Incident.
import { IMAGES } from "./contract-case.ts";

export interface WebOptions {
  readonly name?: string;
  readonly tag?: string;
  /** Overrides the tag. */
  readonly image?: string;
  /** See APPLICATION_VARIABLES of @rolloutguard/simulated-cluster/applications. */
  readonly env?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec?: object;
  readonly container?: object;
  readonly pod?: object;
}

/** A Deployment of two replicas with a quick readiness probe. */
export function web(options: WebOptions = {}) {
  const { name = "web", annotations, spec } = options;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, labels: { app: name }, ...(annotations && { annotations }) },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: podSpec(options) },
      ...spec,
    },
  };
}

/** The pod of the Deployment, alone. */
export function webPod(options: WebOptions = {}) {
  const { name = "web" } = options;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels: { app: name } },
    spec: podSpec(options),
  };
}

function podSpec({ tag = "v1", image = IMAGES.application(tag), env = {}, container, pod }: WebOptions) {
  return {
    terminationGracePeriodSeconds: 1,
    containers: [
      {
        name: "app",
        image,
        imagePullPolicy: "IfNotPresent",
        env: Object.entries(env).map(([variable, value]) => ({ name: variable, value })),
        ports: [{ name: "http", containerPort: 8080 }],
        readinessProbe: { httpGet: { path: "/healthz", port: 8080 }, periodSeconds: 1 },
        ...container,
      },
    ],
    ...pod,
  };
}

/** A Service that selects the pods of the Deployment of the same name. */
export function service(name = "web", selector: object = { app: name }, targetPort: number | string = 8080) {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, labels: { team: "shop" } },
    spec: { selector, ports: [{ name: "http", port: 80, targetPort }] },
  };
}

/** Patches for `Site.change`. */
const withContainer = (container: object) => ({
  spec: { template: { spec: { containers: [{ name: "app", ...container }] } } },
});
export const withTag = (tag: string) => withContainer({ image: IMAGES.application(tag) });
export const withEnv = (name: string, value: string) => withContainer({ env: [{ name, value }] });

export function configMap(name: string, data: Readonly<Record<string, string>> = {}, metadata: object = {}) {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, ...metadata }, data };
}

/** A guard with nothing but its target. */
export function guard(name = "web", spec: object = {}) {
  return {
    apiVersion: "rolloutguard.io/v1alpha1",
    kind: "RolloutGuard",
    metadata: { name },
    spec: { target: { name: "web" }, ...spec },
  };
}

/** An Incident as the operator opens one. */
export function incident(name = "web-bad") {
  return {
    apiVersion: "rolloutguard.io/v1alpha1",
    kind: "Incident",
    metadata: { name, labels: { "rolloutguard.io/guard": "web" } },
    spec: {
      guard: { name: "web", uid: "guard-uid" },
      target: { kind: "Deployment", name: "web", uid: "deployment-uid" },
      failedRevision: { hash: "bad", revision: 2, images: ["web:2"] },
      action: "Undo",
      reason: "NotReady",
      message: "No pod is ready.",
      findings: [],
      rolloutStartedAt: "2026-03-01T12:00:00Z",
      detectedAt: "2026-03-01T12:00:20Z",
    },
  };
}
