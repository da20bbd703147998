// Stories that a suite plays itself, each in a namespace of its own.
import { connectCluster } from "../clusters/cluster-client.ts";
import type { ClusterUnderTest } from "../clusters/cluster-under-test.ts";
import { startMirror } from "../clusters/mirror.ts";
import type { Kubectl } from "../installed/kubectl.ts";
import { createStory, type Story } from "../scenarios/story/story.ts";

export interface Stories {
  /** Makes the namespace, one of those that were named, and begins a story in it. */
  begin(namespace: string): Promise<Story>;
  /** Takes the namespaces away; nothing is looked at any more. */
  close(): Promise<void>;
}

/** Watches the namespaces from now on. */
export function openStories(
  cluster: ClusterUnderTest,
  kubectl: Kubectl,
  namespaces: readonly string[],
): Stories {
  const client = connectCluster(cluster.kubeConfig);
  const mirror = startMirror(cluster, client, (namespace) => namespaces.includes(namespace));
  return {
    async begin(namespace) {
      await mirror.filled;
      await kubectl(["create", "namespace", namespace]);
      return createStory({ cluster, client, mirror, namespace });
    },
    async close() {
      mirror.stop();
      await client.close();
      await kubectl(["delete", "namespace", ...namespaces, "--ignore-not-found", "--timeout=120s"]);
    },
  };
}
