// Which API server to talk to and who to be there: a kubeconfig, or the service account of the pod.
import { existsSync } from "node:fs";
import { delimiter } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";

/** Where the configuration comes from. Without any: KUBECONFIG, ~/.kube/config, then the pod's service account. */
export interface KubeConfigSource {
  readonly file?: string | undefined;
  /** The context to use instead of the current one. */
  readonly context?: string | undefined;
  /** Use the pod's service account, whatever kubeconfig there is. */
  readonly inCluster?: boolean | undefined;
}

/** Reads the configuration. Throws with what to write instead when it is not usable. */
export function loadKubeConfig(source: KubeConfigSource = {}): KubeConfig {
  const config = new KubeConfig();
  if (source.inCluster) config.loadFromCluster();
  else if (source.file !== undefined) config.loadFromFile(source.file);
  else if (!loadFromVariable(config)) config.loadFromDefault();
  if (source.context !== undefined) chooseContext(config, source.context);
  return config;
}

/** As kubectl reads KUBECONFIG: files that do not exist are left out, and of what several name the first counts. */
function loadFromVariable(config: KubeConfig): boolean {
  const named = (process.env.KUBECONFIG ?? "").split(delimiter).filter(Boolean);
  const files = named.filter((file) => existsSync(file));
  if (named.length === 0) return false;
  if (files.length === 0) throw new Error(`KUBECONFIG: no such file: ${named.join(", ")}`);
  const read = files.map((file) => {
    const one = new KubeConfig();
    one.loadFromFile(file);
    return one;
  });
  config.loadFromOptions({
    clusters: firstOfEachName(read.flatMap((one) => one.getClusters())),
    users: firstOfEachName(read.flatMap((one) => one.getUsers())),
    contexts: firstOfEachName(read.flatMap((one) => one.getContexts())),
    currentContext: read.map((one) => one.getCurrentContext()).find(Boolean),
  });
  return true;
}

function firstOfEachName<T extends { readonly name: string }>(all: readonly T[]): T[] {
  return [...Map.groupBy(all, ({ name }) => name).values()].flatMap(([first]) => first ?? []);
}

function chooseContext(config: KubeConfig, context: string): void {
  const known = config.getContexts().map(({ name }) => name);
  if (!known.includes(context)) {
    throw new Error(`the kubeconfig has no context "${context}"; it has: ${known.join(", ") || "none"}`);
  }
  config.setCurrentContext(context);
}

/**
 * The current cluster and user of a configuration, alone, as the person who wrote it means them: client-node 2.0.1
 * refuses http:// servers unless TLS verification is off, and ignores the CA of a cluster whose context names no
 * user. Throws when the current context names no cluster.
 */
export function currentAccess(config: KubeConfig): KubeConfig {
  const cluster = config.getCurrentCluster();
  if (!cluster) {
    const context = config.getCurrentContext();
    const problem = context
      ? `context "${context}" of the kubeconfig refers to no cluster`
      : "the kubeconfig has no current context";
    throw new Error(`${problem}; see \`kubectl config view\` and \`kubectl config use-context\``);
  }
  const usable = new KubeConfig();
  const skipTLSVerify = cluster.skipTLSVerify || cluster.server.startsWith("http:");
  usable.loadFromClusterAndUser(
    { ...cluster, skipTLSVerify },
    config.getCurrentUser() ?? { name: "anonymous" },
  );
  return usable;
}
