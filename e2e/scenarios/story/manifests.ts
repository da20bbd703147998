// What the scenarios apply: the shop of the tests, with the image of the cluster under test and as little as it needs.
import type { ClusterUnderTest } from "../../clusters/cluster-under-test.ts";
import { deploymentOf, type Version } from "../../testing/shop.ts";

/** Many scenarios share a machine of two cores: requests are tiny, and nothing is mounted or looked up. */
const RESOURCES = { requests: { cpu: "1m", memory: "4Mi" } };
const POD = { dnsPolicy: "Default", automountServiceAccountToken: false, enableServiceLinks: false };

/** The Deployment as it is applied. */
export function applicationOf(
  cluster: ClusterUnderTest,
  namespace: string,
  name: string,
  version: Version,
): object {
  const image = cluster.applicationImage(version.tag);
  const container = { image, resources: RESOURCES, ...version.container };
  return deploymentOf(namespace, name, { ...version, container, pod: { ...POD, ...version.pod } });
}

/** A guard that says nothing but whom it guards: everything else is as users get it by default. */
export function guardOf(namespace: string, name: string, spec: object = {}): object {
  return {
    apiVersion: "rolloutguard.io/v1alpha1",
    kind: "RolloutGuard",
    metadata: { namespace, name },
    spec: { target: { name }, ...spec },
  };
}

/** A rolling update that brings all new pods at once. */
export const ALL_AT_ONCE = {
  strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "100%" } },
} as const;

/** As many pods as a shop has, and not one more. */
export const QUOTA_OF_THREE_PODS = {
  apiVersion: "v1",
  kind: "ResourceQuota",
  metadata: { name: "three-pods" },
  spec: { hard: { pods: "3" } },
};
