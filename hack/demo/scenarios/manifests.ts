// What the scenarios deploy: a Deployment of three pods, its Service and its guard, each with the few fields that differ.

import type { Manifest } from "@rolloutguard/simulated-cluster/objects";
import { API_VERSION, ROLLOUT_GUARD_KIND } from "../../../src/api/group.ts";

export const NAMESPACE = "production";

/** How long a guard in the demo watches a completed rollout before its revision counts as good. */
export const BAKE_TIME = "30s";

type Labels = Readonly<Record<string, string>>;

export interface Release {
  readonly application: string;
  readonly container?: string | undefined;
  readonly image: string;
  /** Labels of the pods besides `app`. */
  readonly podLabels?: Labels | undefined;
  /** The containerPort, and the port that the readiness probe asks. Default 8080. */
  readonly port?: number | undefined;
  readonly hasProbe?: boolean | undefined;
}

/** A Deployment of three pods, one of which may be missing during a rollout. */
export function deploymentOf(release: Release): Manifest {
  const { application, container = application, image, podLabels, port = 8080, hasProbe = true } = release;
  const readinessProbe = { httpGet: { path: "/healthz", port }, initialDelaySeconds: 2, periodSeconds: 5 };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: application, namespace: NAMESPACE, labels: { app: application } },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: application } },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } },
      template: {
        metadata: { labels: { app: application, ...podLabels } },
        spec: {
          terminationGracePeriodSeconds: 2,
          containers: [
            {
              name: container,
              image,
              ports: [{ containerPort: port }],
              ...(hasProbe && { readinessProbe }),
            },
          ],
        },
      },
    },
  };
}

/** The Service of an application, on port 80; `selects` are labels besides `app`. */
export function serviceOf(application: string, selects: Labels = {}): Manifest {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: application, namespace: NAMESPACE },
    spec: { selector: { app: application, ...selects }, ports: [{ port: 80, targetPort: 8080 }] },
  };
}

/** The guard of an application: all defaults, but for a bake time that fits into a demo, and checks that a scenario adds. */
export function guardOf(application: string, checks?: object): Manifest {
  return {
    apiVersion: API_VERSION,
    kind: ROLLOUT_GUARD_KIND,
    metadata: { name: application, namespace: NAMESPACE },
    spec: { target: { name: application }, bakeTime: BAKE_TIME, ...(checks && { checks }) },
  };
}
