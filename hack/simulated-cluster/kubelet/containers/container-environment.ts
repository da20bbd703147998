// The environment of a container from its pod's spec, Secrets and ConfigMaps; or why it cannot be made.

import type { Container, DataObject, KeyReference, Pod } from "../../api-server/kinds.ts";
import { valueAt } from "../../api-server/kube-object.ts";
import type { ApiObjects } from "../../api-server/objects.ts";

type Source = "secrets" | "configmaps";

const KIND: Readonly<Record<Source, { short: string; title: string }>> = {
  secrets: { short: "secret", title: "Secret" },
  configmaps: { short: "configmap", title: "ConfigMap" },
};

export type ContainerEnvironment =
  | { readonly env: Readonly<Record<string, string>> }
  /** In the kubelet's words, as the message of CreateContainerConfigError. */
  | { readonly problem: string };

/** `defaults` is what the image brings. */
export function containerEnvironment(
  objects: ApiObjects,
  pod: Pod,
  container: Container,
  defaults: Readonly<Record<string, string>>,
): ContainerEnvironment {
  const { namespace = "" } = pod.metadata;
  const env: Record<string, string> = { ...defaults };
  try {
    for (const { prefix = "", secretRef, configMapRef } of container.envFrom ?? []) {
      const reference = secretRef ?? configMapRef;
      if (reference === undefined) continue;
      const found = find(objects, secretRef ? "secrets" : "configmaps", namespace, reference);
      for (const key of Object.keys(found?.data ?? {})) {
        env[`${prefix}${key}`] = dataValue(found, key, secretRef !== undefined) ?? "";
      }
    }
    for (const { name, value, valueFrom } of container.env ?? []) {
      const { secretKeyRef, configMapKeyRef, fieldRef } = valueFrom ?? {};
      if (secretKeyRef !== undefined)
        setIfKnown(env, name, lookUp(objects, "secrets", namespace, secretKeyRef));
      else if (configMapKeyRef !== undefined)
        setIfKnown(env, name, lookUp(objects, "configmaps", namespace, configMapKeyRef));
      else if (fieldRef !== undefined) env[name] = fieldOf(pod, fieldRef.fieldPath);
      else env[name] = value ?? "";
    }
    return { env };
  } catch (error) {
    if (error instanceof MissingSource) return { problem: error.message };
    throw error;
  }
}

class MissingSource extends Error {}

/** The downward API: a field of the pod as text; empty when there is none. */
function fieldOf(pod: Pod, path: string): string {
  const [, map, key] = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path) ?? [];
  const fields = map === undefined ? path.split(".") : ["metadata", map, key ?? ""];
  const value = valueAt(pod, fields);
  return typeof value === "string" ? value : "";
}

function setIfKnown(env: Record<string, string>, name: string, value: string | undefined): void {
  if (value !== undefined) env[name] = value;
}

function lookUp(
  objects: ApiObjects,
  source: Source,
  namespace: string,
  reference: KeyReference,
): string | undefined {
  const found = find(objects, source, namespace, reference);
  const value = dataValue(found, reference.key, source === "secrets");
  if (value === undefined && !reference.optional) {
    throw new MissingSource(
      `couldn't find key ${reference.key} in ${KIND[source].title} ${namespace}/${reference.name}`,
    );
  }
  return value;
}

function find(
  objects: ApiObjects,
  source: Source,
  namespace: string,
  { name, optional }: { name: string; optional?: boolean | undefined },
): DataObject | undefined {
  const found = objects.get(source, namespace, name);
  if (found === undefined && !optional) throw new MissingSource(`${KIND[source].short} "${name}" not found`);
  return found;
}

function dataValue(object: DataObject | undefined, key: string, isEncoded: boolean): string | undefined {
  const plain = (object?.["stringData"] as Readonly<Record<string, string>> | undefined)?.[key];
  const value = object?.data?.[key];
  if (value === undefined) return plain;
  return isEncoded ? Buffer.from(value, "base64").toString() : value;
}
