// Whether a pod's volumes can be mounted: Secrets and ConfigMaps must exist, with the keys, and drivers on the node.
import type { FilesSource, Pod, Volume } from "../../api-server/kinds.ts";
import type { ApiObjects } from "../../api-server/objects.ts";
import type { NodeFaults } from "../faults/node-faults.ts";
import { imageDigest } from "../image-name.ts";

export interface MountProblem {
  /** Of the pod. */
  readonly volume: string;
  /** In the kubelet's words. */
  readonly message: string;
}

/** The first volume that cannot be mounted and why. */
export function mountProblem(
  { objects, faults }: { readonly objects: ApiObjects; readonly faults: NodeFaults },
  pod: Pod,
): MountProblem | undefined {
  const { namespace = "" } = pod.metadata;
  for (const volume of pod.spec.volumes ?? []) {
    const { name } = volume;
    const missing = sourcesOf(volume)
      .map(([resource, source]) => problemOf(objects, resource, namespace, source))
      .filter((problem) => problem !== undefined);
    const [first, ...others] = missing;
    const why = others.length === 0 ? first : `[${missing.join(", ")}]`;
    const message = why === undefined ? faultOf(faults, pod, volume) : setUpFailed(name, why);
    if (message !== undefined) return { volume: name, message };
  }
  return undefined;
}

function setUpFailed(volume: string, why: string): string {
  return `MountVolume.SetUp failed for volume "${volume}" : ${why}`;
}

/** What a fault does to a volume whose sources exist. */
function faultOf(faults: NodeFaults, pod: Pod, volume: Volume): string | undefined {
  const { name, csi, persistentVolumeClaim: claim } = volume;
  const mountFails = faults.hit("mountFails", { pod, volume: name });
  const persistentVolume = claim && persistentVolumeOf(pod, claim.claimName);
  if (mountFails !== undefined) return setUpFailed(persistentVolume ?? name, mountFails);
  if (csi === undefined && persistentVolume === undefined) return undefined;
  const driver = faults.hit("driverMissing", { pod, volume: name, driver: csi?.driver });
  if (driver === undefined) return undefined;
  const why = `driver name ${driver} not found in the list of registered CSI drivers`;
  return persistentVolume === undefined
    ? setUpFailed(name, `kubernetes.io/csi: mounter.SetUpAt failed to get CSI client: ${why}`)
    : `MountVolume.MountDevice failed for volume "${persistentVolume}" : ` +
        `kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: ${why}`;
}

/** The name of the volume that a provisioner made for the claim. */
function persistentVolumeOf({ metadata }: Pod, claim: string): string {
  const hex = imageDigest(`${metadata.namespace}/${claim}`);
  return `pvc-${[hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join("-")}`;
}

type Resource = "secrets" | "configmaps";

function sourcesOf({ secret, configMap, projected }: Volume): [Resource, FilesSource][] {
  const sources: [Resource, FilesSource][] = [];
  if (secret) sources.push(["secrets", { ...secret, name: secret.secretName }]);
  if (configMap) sources.push(["configmaps", configMap]);
  for (const source of projected?.sources ?? []) {
    if (source.secret) sources.push(["secrets", source.secret]);
    if (source.configMap) sources.push(["configmaps", source.configMap]);
  }
  return sources;
}

function problemOf(
  objects: ApiObjects,
  resource: Resource,
  namespace: string,
  { name, optional = false, items = [] }: FilesSource,
): string | undefined {
  if (name === undefined || optional) return undefined;
  const found = objects.get(resource, namespace, name);
  if (found === undefined) return `${resource === "secrets" ? "secret" : "configmap"} "${name}" not found`;
  const has = (field: string, key: string) =>
    (found[field] as Readonly<Record<string, unknown>> | undefined)?.[key] !== undefined;
  const missing = items.find(
    ({ key }) => !["data", "stringData", "binaryData"].some((field) => has(field, key)),
  );
  if (missing === undefined) return undefined;
  return `references non-existent ${resource === "secrets" ? "secret" : "config"} key: ${missing.key}`;
}
