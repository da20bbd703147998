// Values of the flags that name something of the cluster or of the kubeconfig. Whatever goes wrong, there are none.
import { asList, metaOf } from "../../kube/objects.ts";
import { type ClusterFlags, withCluster } from "./cluster-access.ts";

/** Who waits for a completion does not wait long. */
const PATIENCE_MS = 2_000;

/** Undefined for flags that take files or free text. */
export async function clusterValues(
  flag: string,
  options: Record<string, unknown>,
): Promise<readonly string[] | undefined> {
  if (flag === "--context") return contexts(options).catch(() => []);
  if (flag === "--namespace") return namesIn(() => "/api/v1/namespaces", options);
  return flag === "--kubeconfig" || flag === "--filename" ? undefined : [];
}

/** The names of what the path lists in the namespace that is meant. */
export async function namesIn(
  pathIn: (namespace: string) => string,
  options: ClusterFlags,
): Promise<readonly string[]> {
  return withCluster(
    options,
    async ({ client, namespace }) => {
      const list = await client.get(pathIn(namespace), { limit: 500 }, { attempts: 1 });
      return asList(list.items).map((item) => metaOf(item).name);
    },
    PATIENCE_MS,
  ).catch(() => []);
}

async function contexts(options: ClusterFlags): Promise<readonly string[]> {
  const { loadKubeConfig } = await import("../../kube/connection/kube-config.ts");
  return loadKubeConfig({ file: options.kubeconfig })
    .getContexts()
    .map(({ name }) => name);
}
