// Many small applications that nobody touches, each with its Service and its guard.
import { APPLICATION_REPOSITORY } from "../../hack/application/image-names.ts";
import type { Kubectl } from "../installed/kubectl.ts";

export interface GuardedApplications {
  /** Resolves when all are available. */
  deploy(): Promise<void>;
  /** Takes them away with their namespace. */
  remove(): Promise<void>;
}

export function guardedApplications(kubectl: Kubectl, namespace: string, count: number): GuardedApplications {
  const names = Array.from({ length: count }, (_, index) => `application-${index + 1}`);
  return {
    async deploy() {
      await kubectl(["create", "namespace", namespace]);
      const items = names.flatMap((name) => manifestsOf(name));
      const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
      await kubectl(["--namespace", namespace, "apply", "-f", "-"], list);
      const available = ["wait", "--for=condition=Available", "--timeout=180s", "deployments", "--all"];
      await kubectl(["--namespace", namespace, ...available]);
    },
    async remove() {
      await kubectl(["delete", "namespace", namespace, "--ignore-not-found", "--timeout=120s"]);
    },
  };
}

function manifestsOf(name: string): object[] {
  const labels = { app: name };
  const container = {
    name: "app",
    image: `${APPLICATION_REPOSITORY}:v1`,
    ports: [{ containerPort: 8080 }],
    readinessProbe: { httpGet: { path: "/healthz", port: 8080 }, periodSeconds: 5 },
  };
  return [
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { terminationGracePeriodSeconds: 1, containers: [container] },
        },
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name },
      spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
    },
    {
      apiVersion: "rolloutguard.io/v1alpha1",
      kind: "RolloutGuard",
      metadata: { name },
      spec: { target: { name } },
    },
  ];
}
