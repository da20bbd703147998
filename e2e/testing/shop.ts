// The application that the tests deploy: one Deployment behind one Service, in versions that differ as told.
import type { Container, Deployment, PodSpec } from "@rolloutguard/simulated-cluster/objects";

export const SHOP = "shop";

/** What a version has; all that is not said is as in the good one. */
export interface Version {
  /** The tag of the image, and the change-cause. */
  readonly tag: string;
  /** What the simulated application does (see APPLICATION_VARIABLES of @rolloutguard/simulated-cluster/applications). */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  readonly container?: Partial<Container> | undefined;
  readonly pod?: Partial<PodSpec> | undefined;
  readonly sidecars?: readonly Container[] | undefined;
  readonly deployment?: Partial<Deployment["spec"]> | undefined;
}

export const LABELS = { app: SHOP, tier: "backend" } as const;

export const READINESS = {
  httpGet: { path: "/healthz", port: 8080 },
  initialDelaySeconds: 1,
  periodSeconds: 2,
  failureThreshold: 2,
} as const;

/** The manifest, as a person would apply it. */
export function deploymentOf(namespace: string, name: string, version: Version): object {
  const labels = version.labels ?? { ...LABELS, app: name };
  const env = Object.entries(version.env ?? {}).map(([key, value]) => ({ name: key, value }));
  const container = {
    name: "app",
    image: `${name}:${version.tag}`,
    ports: [{ containerPort: 8080 }],
    readinessProbe: READINESS,
    ...(env.length > 0 && { env }),
    ...version.container,
  };
  const manifest = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      namespace,
      name,
      labels: { app: name },
      annotations: { "kubernetes.io/change-cause": `ship ${version.tag}`, "example.com/owner": "team-shop" },
    },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: name } },
      ...version.deployment,
      template: {
        metadata: { labels, ...(version.annotations && { annotations: version.annotations }) },
        spec: {
          terminationGracePeriodSeconds: 2,
          ...version.pod,
          containers: [container, ...(version.sidecars ?? [])],
        },
      },
    },
  };
  // As it goes over the wire: what is undefined is not there.
  return JSON.parse(JSON.stringify(manifest)) as object;
}

/** The Service that selects the good version's pods. */
export function serviceOf(namespace: string, name: string): object {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { namespace, name },
    spec: { selector: { ...LABELS, app: name }, ports: [{ port: 80, targetPort: 8080 }] },
  };
}

/** A guard of the Deployment; revisions are good after 20 s. */
export function guardOf(namespace: string, deployment: string, name: string, spec: object = {}): object {
  return {
    apiVersion: "rolloutguard.io/v1alpha1",
    kind: "RolloutGuard",
    metadata: { namespace, name },
    spec: { target: { name: deployment }, bakeTime: "20s", ...spec },
  };
}
