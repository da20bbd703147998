// Whether a pod's volumes can be mounted: Secrets and ConfigMaps must exist. Pure but for the look-up.
import type { Pod } from "../api-server/kinds.ts";
import type { ApiObjects } from "../api-server/objects.ts";

/** The first volume that cannot be mounted and why, in the kubelet's words. */
export function missingVolume(objects: ApiObjects, pod: Pod): { volume: string; why: string } | undefined {
  const { namespace = "" } = pod.metadata;
  for (const { name: volume, secret, configMap } of pod.spec.volumes ?? []) {
    const secretName = secret?.secretName;
    if (secretName !== undefined && secret?.optional !== true) {
      if (objects.get("secrets", namespace, secretName) === undefined) {
        return { volume, why: `secret "${secretName}" not found` };
      }
    }
    const configMapName = configMap?.name;
    if (configMapName !== undefined && configMap?.optional !== true) {
      if (objects.get("configmaps", namespace, configMapName) === undefined) {
        return { volume, why: `configmap "${configMapName}" not found` };
      }
    }
  }
  return undefined;
}
