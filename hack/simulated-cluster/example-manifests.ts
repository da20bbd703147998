// Manifests for tests and tools: a small web application, healthy unless told otherwise.
import type { Container, DeploymentSpec, EnvVar, PodSpec } from "./api-server/kinds.ts";

export interface DeploymentOptions {
  readonly name?: string;
  readonly namespace?: string;
  readonly image?: string;
  /** See kubelet/application.ts for the variables that choose how the application behaves. */
  readonly env?: Readonly<Record<string, string>>;
  readonly spec?: Partial<DeploymentSpec>;
  readonly container?: Partial<Container>;
  readonly pod?: Partial<PodSpec>;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A Deployment of three replicas with a quick readiness probe on port 8080. */
export function exampleDeployment(options: DeploymentOptions = {}) {
  const { name = "web", namespace = "shop", image = "web:1.0", env = {} } = options;
  const variables: EnvVar[] = Object.entries(env).map(([variable, value]) => ({ name: variable, value }));
  const labels = { app: name, ...options.labels };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels: { app: name } },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 2,
          containers: [
            {
              name: "app",
              image,
              imagePullPolicy: "IfNotPresent" as const,
              env: variables,
              ports: [{ name: "http", containerPort: 8080 }],
              readinessProbe: { httpGet: { path: "/healthz", port: 8080 }, periodSeconds: 1 },
              ...options.container,
            },
          ],
          ...options.pod,
        },
      },
      ...options.spec,
    },
  };
}

/** A Service that selects the pods of the Deployment of the same name. */
export function exampleService(
  options: {
    name?: string;
    namespace?: string;
    targetPort?: number | string;
    selector?: Record<string, string>;
  } = {},
) {
  const { name = "web", namespace = "shop", targetPort = 8080 } = options;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec: { selector: options.selector ?? { app: name }, ports: [{ name: "http", port: 80, targetPort }] },
  };
}
