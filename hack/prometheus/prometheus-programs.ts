// Prometheus as Debian packages it: the machine's own, or fetched with apt into our cache without installing anything.
import { join } from "node:path";
import { defaultCacheFolder } from "../local-cluster/binaries/cache-folder.ts";
import { debianPackages } from "../local-cluster/binaries/debian-packages.ts";

export interface PrometheusPrograms {
  readonly prometheus: string;
  readonly promtool: string;
}

/** Paths. Needs Debian, and root if the package has to be fetched. */
export async function prometheusPrograms(progress: (line: string) => void): Promise<PrometheusPrograms> {
  const make = { cacheFolder: defaultCacheFolder(), progress };
  const { prometheus: root } = await debianPackages({ prometheus: "2.42" }, make);
  return { prometheus: join(root, "usr/bin/prometheus"), promtool: join(root, "usr/bin/promtool") };
}
