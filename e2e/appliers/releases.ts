// Three releases of one application: one that works, one that does not and has less in its pod template, and the fix.
import { LABELS, READINESS, SHOP, serviceOf } from "../testing/shop.ts";

export interface Release {
  readonly tag: "v1" | "v2" | "v3";
  /** Whether it answers its readiness probe. */
  readonly isWell: boolean;
  /** What a release can have, and a later one not: a variable, a volume, a mount, an annotation, a port, an argument. */
  readonly hasMore: boolean;
}

export const WORKS: Release = { tag: "v1", isWell: true, hasMore: true };
export const FAILS: Release = { tag: "v2", isWell: false, hasMore: false };
/** A release that is well, and that a person takes back all the same. */
export const UNWANTED: Release = { tag: "v2", isWell: true, hasMore: false };
export const FIXED: Release = { tag: "v3", isWell: true, hasMore: false };

/** All that is applied: the application, its Service and its guard, which is in a hurry. */
export function manifestsOf(
  namespace: string,
  release: Release,
  imageOf: (tag: string) => string,
): readonly object[] {
  return [
    deploymentOf(namespace, SHOP, release, imageOf),
    serviceOf(namespace, SHOP),
    {
      apiVersion: "rolloutguard.io/v1alpha1",
      kind: "RolloutGuard",
      metadata: { namespace, name: SHOP },
      spec: { target: { name: SHOP }, bakeTime: "10s", checks: { readiness: { patience: "10s" } } },
    },
  ];
}

export function deploymentOf(
  namespace: string,
  name: string,
  { tag, isWell, hasMore }: Release,
  imageOf: (tag: string) => string,
): object {
  const labels = { ...LABELS, app: name };
  const health = isWell ? [] : [{ name: "HEALTH", value: "500" }];
  const more = hasMore ? [{ name: "ONLY_BEFORE", value: "1" }] : [];
  const env = [{ name: "STAYS", value: "1" }, ...health, ...more];
  const metrics = { containerPort: 9090, name: "metrics" };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { namespace, name, annotations: { "kubernetes.io/change-cause": `ship ${tag}` } },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, ...(hasMore && { annotations: { "example.com/only-before": "yes" } }) },
        spec: {
          terminationGracePeriodSeconds: hasMore ? 1 : 2,
          containers: [
            {
              name: "app",
              image: imageOf(tag),
              ports: [{ containerPort: 8080 }, ...(hasMore ? [metrics] : [])],
              readinessProbe: READINESS,
              env,
              ...(hasMore && { volumeMounts: [{ name: "scratch", mountPath: "/scratch" }] }),
            },
          ],
          ...(hasMore && { volumes: [{ name: "scratch", emptyDir: {} }] }),
        },
      },
    },
  };
}
