// A real cluster as a cluster under test.
import { APPLICATION_REPOSITORY, MISSING_IMAGE } from "../../hack/application/image-names.ts";
import { loadKubeConfig } from "../../src/kube/connection/kube-config.ts";
import type { ClusterUnderTest } from "./cluster-under-test.ts";

/** `name` is how people call it; `kubeconfig` the path of an administrator's. */
export function realUnderTest(name: string, kubeconfig: string): ClusterUnderTest {
  return {
    name,
    kubeConfig: loadKubeConfig({ file: kubeconfig }),
    timeScale: 1,
    now: () => Date.now(),
    applicationImage: (tag) => `${APPLICATION_REPOSITORY}:${tag}`,
    missingImage: MISSING_IMAGE,
    cannot: {},
  };
}
