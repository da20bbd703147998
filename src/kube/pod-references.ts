// What a pod template cannot start without: Secrets, ConfigMaps, claims and its service account. Names only, never contents.
import { asList, asObject, optionalText, type RawObject } from "./objects.ts";

/** "Secret/x", "ConfigMap/x", "PersistentVolumeClaim/x", "ServiceAccount/x", sorted, each once; optional ones are left out. */
export function referencesOf(podSpec: RawObject): string[] {
  const found = new Set<string>();
  const add = (kind: string, name: unknown, isOptional?: unknown) => {
    const text = optionalText(name);
    if (text !== undefined && isOptional !== true) found.add(`${kind}/${text}`);
  };
  for (const raw of [...asList(podSpec.initContainers), ...asList(podSpec.containers)]) {
    const container = asObject(raw);
    for (const variable of asList(container.env)) {
      const source = asObject(asObject(variable).valueFrom);
      addReference(add, "Secret", source.secretKeyRef);
      addReference(add, "ConfigMap", source.configMapKeyRef);
    }
    for (const source of asList(container.envFrom)) {
      addReference(add, "Secret", asObject(source).secretRef);
      addReference(add, "ConfigMap", asObject(source).configMapRef);
    }
  }
  for (const raw of asList(podSpec.volumes)) {
    const volume = asObject(raw);
    const secret = asObject(volume.secret);
    add("Secret", secret.secretName, secret.optional);
    addReference(add, "ConfigMap", volume.configMap);
    add("PersistentVolumeClaim", asObject(volume.persistentVolumeClaim).claimName);
    for (const source of asList(asObject(volume.projected).sources)) {
      addReference(add, "Secret", asObject(source).secret);
      addReference(add, "ConfigMap", asObject(source).configMap);
    }
  }
  for (const secret of asList(podSpec.imagePullSecrets)) addReference(add, "Secret", secret);
  add("ServiceAccount", podSpec.serviceAccountName ?? podSpec.serviceAccount);
  return [...found].sort();
}

function addReference(
  add: (kind: string, name: unknown, isOptional?: unknown) => void,
  kind: string,
  raw: unknown,
): void {
  const reference = asObject(raw);
  add(kind, reference.name, reference.optional);
}
