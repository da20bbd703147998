// What happens in stories besides releases: to the cluster, to its nodes and registries, to other objects.
import type { NodeFault, Webhook } from "@rolloutguard/simulated-cluster";
import type { Pod } from "@rolloutguard/simulated-cluster/objects";
import { deploymentOf, SHOP, serviceOf, type Version } from "../testing/shop.ts";
import { type Deed, NAMESPACE } from "./field-story.ts";

/** Another version is applied, as `kubectl apply` does. */
export const shipped =
  (version: Version): Deed =>
  ({ cluster }) => {
    cluster.store.apply(deploymentOf(NAMESPACE, SHOP, version));
  };

/** `kubectl rollout restart`. */
export const restarted: Deed = ({ cluster }) => {
  const restartedAt = new Date(cluster.now()).toISOString();
  const annotations = { "kubectl.kubernetes.io/restartedAt": restartedAt };
  cluster.store.patch("deployments", NAMESPACE, SHOP, { spec: { template: { metadata: { annotations } } } });
};

export const scaledTo =
  (replicas: number): Deed =>
  ({ cluster }) => {
    cluster.store.patch("deployments", NAMESPACE, SHOP, { spec: { replicas } });
  };

export const paused =
  (isPaused: boolean): Deed =>
  ({ cluster }) => {
    cluster.store.patch("deployments", NAMESPACE, SHOP, { spec: { paused: isPaused } });
  };

/** The image has to be pulled. */
export const notOnNodes =
  (image: string): Deed =>
  ({ cluster }) =>
    cluster.images.set(image, { isOnNodes: false });

/** Any object of the namespace; one that is there already is replaced. */
export const applied =
  (manifest: { readonly metadata: object; readonly [field: string]: unknown }): Deed =>
  ({ cluster }) => {
    cluster.store.apply({ ...manifest, metadata: { namespace: NAMESPACE, ...manifest.metadata } });
  };

export const deleted =
  (resource: string, name: string): Deed =>
  ({ cluster }) => {
    cluster.store.delete(resource, NAMESPACE, name);
  };

export const aSecret = (name: string, keys: readonly string[] = ["url"]): Deed =>
  applied({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name },
    stringData: Object.fromEntries(keys.map((key) => [key, "x"])),
  });

/** A Service of the namespace with this selector and this target port. */
export const aService = (name: string, selector: object, targetPort: number | string = 8080): Deed =>
  applied({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name },
    spec: { selector, ports: [{ port: 80, targetPort }] },
  });

/** Another application of the namespace, with a Service of its own; nobody guards it. */
export const aNeighbour =
  (name: string, version: Version): Deed =>
  ({ cluster }) => {
    cluster.store.apply(serviceOf(NAMESPACE, name));
    cluster.store.apply(deploymentOf(NAMESPACE, name, version));
  };

export const nodeFault =
  (fault: NodeFault): Deed =>
  ({ cluster }) => {
    cluster.nodeFaults.add(fault);
  };

export const webhook =
  (hook: Webhook): Deed =>
  ({ cluster }) => {
    cluster.webhooks.add(hook);
  };

/** No sandbox can be created on the node, for so long. */
export const noSandboxes =
  (error: string, forSeconds: number, node = "node1"): Deed =>
  ({ cluster }) => {
    cluster.failSandboxes(node, error);
    cluster.time.after(1_000 * forSeconds, () => cluster.failSandboxes(node, undefined));
  };

/** The node is cut off for so long. */
export const nodeLost =
  (node: string, forSeconds: number): Deed =>
  ({ cluster }) => {
    cluster.setNodeReady(node, false);
    cluster.time.after(1_000 * forSeconds, () => cluster.setNodeReady(node, true));
  };

/** Pods of the version with this tag, the oldest first. */
function podsOf(store: { list(resource: "pods", namespace: string): readonly Pod[] }, tag: string) {
  return [...store.list("pods", NAMESPACE)]
    .filter(({ spec }) => spec.containers[0]?.image.endsWith(`:${tag}`))
    .sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1));
}

/** So many pods of the version are evicted, as `kubectl drain` does. */
export const evicted =
  (tag: string, count: number): Deed =>
  ({ cluster }) => {
    const running = podsOf(cluster.store, tag).filter(
      ({ metadata }) => metadata.deletionTimestamp === undefined,
    );
    for (const { metadata } of running.slice(0, count)) cluster.evictPod(NAMESPACE, metadata.name);
  };

/** So many pods of the version are deleted by a person. */
export const podsDeleted =
  (tag: string, count: number): Deed =>
  ({ cluster }) => {
    for (const { metadata } of podsOf(cluster.store, tag).slice(0, count))
      cluster.store.delete("pods", NAMESPACE, metadata.name);
  };

/** The operator is away for so long. */
export const operatorAway =
  (forSeconds: number): Deed =>
  ({ cluster, guard }) => {
    guard.stop();
    cluster.time.after(1_000 * forSeconds, () => guard.start());
  };
