// How commands reach a cluster: kubeconfigs of their own, each with one namespace, made of the one that was given.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";

interface KubeConfig {
  readonly "current-context": string;
  readonly contexts: readonly { readonly name: string; readonly context: object }[];
}

export interface ClusterAccess {
  /** The folder that has the program kubectl. */
  readonly kubectlFolder: string;
  /** The text of the kubeconfig. */
  readonly kubeconfig: string;
  /** A folder for what is only needed during the run. */
  readonly workFolder: string;
}

/** The text of the kubeconfig with this namespace in the context that is in use. */
function inNamespace(kubeconfig: string, namespace: string): string {
  const config = parse(kubeconfig) as KubeConfig;
  const contexts = config.contexts.map((each) =>
    each.name === config["current-context"] ? { ...each, context: { ...each.context, namespace } } : each,
  );
  return stringify({ ...config, contexts });
}

/** The environment of commands whose namespace is this one. Nothing of the user's own settings of kubectl counts. */
export function environmentFor(access: ClusterAccess, namespace: string): NodeJS.ProcessEnv {
  const home = join(access.workFolder, "home");
  mkdirSync(home, { recursive: true });
  const file = join(access.workFolder, `${namespace}.kubeconfig`);
  writeFileSync(file, inNamespace(access.kubeconfig, namespace), { mode: 0o600 });
  return {
    PATH: `${access.kubectlFolder}:${process.env["PATH"] ?? ""}`,
    HOME: home,
    KUBECONFIG: file,
    KUBECACHEDIR: join(access.workFolder, "cache"),
    LC_ALL: "C",
    TZ: "UTC",
  };
}

/** The kubeconfig in this file. */
export function readKubeconfig(file: string): string {
  return readFileSync(file, "utf8");
}
