// Values of the flags that name something of the cluster or of the kubeconfig. Whatever goes wrong, there are none.
import { asList, metaOf } from "../../kube/objects.ts";
import { type ResourceName, resourcePath } from "../../kube/resources.ts";
import type { ClusterFlags } from "../cluster-flags.ts";
import { withCluster } from "./cluster-access.ts";

/** Who waits for a completion does not wait long. */
const PATIENCE_MS = 2_000;

/** Flags whose values are files. */
const TAKE_FILES: ReadonlySet<string> = new Set(["--kubeconfig", "--filename", "--guard", "--out"]);

/** Undefined for flags that take files. */
export async function clusterValues(
  flag: string,
  flags: ClusterFlags,
): Promise<readonly string[] | undefined> {
  if (flag === "--context") return contexts(flags).catch(() => []);
  if (flag === "--namespace") return namesAt(() => "/api/v1/namespaces", flags);
  return TAKE_FILES.has(flag) ? undefined : [];
}

/** The names of the resource's objects in the namespace that is meant. */
export async function namesIn(resource: ResourceName, flags: ClusterFlags): Promise<readonly string[]> {
  return namesAt((namespace) => resourcePath(resource, namespace), flags);
}

async function namesAt(
  pathIn: (namespace: string) => string,
  flags: ClusterFlags,
): Promise<readonly string[]> {
  return withCluster(
    flags,
    async ({ client, namespace }) => {
      const list = await client.get(pathIn(namespace), { limit: 500 }, { attempts: 1 });
      return asList(list.items).map((item) => metaOf(item).name);
    },
    PATIENCE_MS,
  ).catch(() => []);
}

async function contexts({ kubeconfig }: ClusterFlags): Promise<readonly string[]> {
  const { loadKubeConfig } = await import("../../kube/connection/kube-config.ts");
  return loadKubeConfig({ file: kubeconfig })
    .getContexts()
    .map(({ name }) => name);
}
