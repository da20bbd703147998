// Whether a pod's volumes can be mounted: Secrets and ConfigMaps must exist, with the keys. Pure but for the look-up.
import type { FilesSource, Pod, Volume } from "../../api-server/kinds.ts";
import type { ApiObjects } from "../../api-server/objects.ts";

/** The first volume that cannot be mounted and why, in the kubelet's words. */
export function missingVolume(objects: ApiObjects, pod: Pod): { volume: string; why: string } | undefined {
  const { namespace = "" } = pod.metadata;
  for (const volume of pod.spec.volumes ?? []) {
    const problems = sourcesOf(volume)
      .map(([resource, source]) => problemOf(objects, resource, namespace, source))
      .filter((problem) => problem !== undefined);
    const [first, ...others] = problems;
    if (first === undefined) continue;
    return { volume: volume.name, why: others.length === 0 ? first : `[${problems.join(", ")}]` };
  }
  return undefined;
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
