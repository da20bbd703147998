// Which programs a cluster is made of: given by the user, found on the machine, built or fetched.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { defaultCacheFolder } from "./cache-folder.ts";
import { CLUSTER_PACKAGES, debianPackages } from "./debian-packages.ts";
import { builtKubernetes, builtPause, KUBERNETES_PROGRAMS } from "./kubernetes-build.ts";

/** Paths. */
export interface Binaries {
  /** Holds the programs of Kubernetes. */
  readonly kubernetes: string;
  readonly pause: string;
  readonly etcd: string;
  readonly runc: string;
  /** Holds containerd, its shim and ctr. */
  readonly containerd: string;
  readonly networkPlugins: string;
}

export interface ChoiceOptions {
  readonly progress: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
  readonly cacheFolder?: string | undefined;
  /** Before what the environment says. */
  readonly binFolder?: string | undefined;
  readonly environment?: NodeJS.ProcessEnv;
}

/** Builds and fetches what is neither given nor cached. */
export async function chooseBinaries(options: ChoiceOptions): Promise<Binaries> {
  const { progress, signal, binFolder, environment = process.env } = options;
  const cacheFolder = resolve(options.cacheFolder ?? defaultCacheFolder(environment));
  const given = givenFolder(binFolder, environment);
  const make = { cacheFolder, progress, signal };
  const assets = environment["KUBEBUILDER_ASSETS"];
  if (given === undefined && assets)
    progress(`${assets} lacks ${missingIn(assets).join(", ")}, and is not used.`);
  const kubernetes = given ?? (await builtKubernetes(make));
  const pause = join(given === undefined ? kubernetes : await builtPause(make), "pause");
  const roots = await debianPackages(CLUSTER_PACKAGES, make);
  const givenEtcd = given === undefined ? undefined : join(given, "etcd");
  return {
    kubernetes,
    pause,
    etcd:
      givenEtcd !== undefined && existsSync(givenEtcd)
        ? givenEtcd
        : join(roots["etcd-server"], "usr/bin/etcd"),
    runc: join(roots.runc, "usr/sbin/runc"),
    containerd: join(roots.containerd, "usr/bin"),
    networkPlugins: join(roots["containernetworking-plugins"], "usr/lib/cni"),
  };
}

/**
 * The folder that the user gives for Kubernetes' programs: the option, KUBERNETES_BIN_DIR, or KUBEBUILDER_ASSETS.
 * Throws when one that was meant for this lacks any; the assets of Kubebuilder have no kubelet, and then count as not given.
 */
export function givenFolder(option: string | undefined, environment: NodeJS.ProcessEnv): string | undefined {
  const meant = option ?? environment["KUBERNETES_BIN_DIR"];
  if (meant !== undefined && meant !== "") {
    const missing = missingIn(meant);
    if (missing.length === 0) return resolve(meant);
    throw new Error(`${meant} must contain the programs of Kubernetes; missing: ${missing.join(", ")}.`);
  }
  const assets = environment["KUBEBUILDER_ASSETS"];
  return assets === undefined || assets === "" || missingIn(assets).length > 0 ? undefined : resolve(assets);
}

function missingIn(folder: string): readonly string[] {
  return KUBERNETES_PROGRAMS.filter((program) => !existsSync(join(folder, program)));
}
