// Which API server to talk to and who to be there: a kubeconfig, or the service account of the pod.
import { KubeConfig } from "@kubernetes/client-node";

/** Where the configuration comes from. Without any: KUBECONFIG, ~/.kube/config, then the pod's service account. */
export interface KubeConfigSource {
  readonly file?: string | undefined;
  /** The context to use instead of the current one. */
  readonly context?: string | undefined;
  /** Use the pod's service account, whatever kubeconfig there is. */
  readonly inCluster?: boolean | undefined;
}

/** Reads the configuration anew. Throws with what to write instead when it is not usable. */
export function loadKubeConfig(source: KubeConfigSource = {}): KubeConfig {
  const config = new KubeConfig();
  if (source.inCluster) config.loadFromCluster();
  else if (source.file !== undefined) config.loadFromFile(source.file);
  else config.loadFromDefault();
  if (source.context !== undefined) chooseContext(config, source.context);
  return config;
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
    throw new Error(
      `the kubeconfig names no cluster for its context "${context}"; see \`kubectl config view\` and \`kubectl config use-context\``,
    );
  }
  const usable = new KubeConfig();
  const skipTLSVerify = cluster.skipTLSVerify || cluster.server.startsWith("http:");
  usable.loadFromClusterAndUser(
    { ...cluster, skipTLSVerify },
    config.getCurrentUser() ?? { name: "anonymous" },
  );
  return usable;
}
