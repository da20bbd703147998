// What workloads take from ConfigMaps and Secrets: names and keys, never values.
import type { Field } from "./field.ts";
import type { Workload } from "./workload.ts";

export interface Reference {
  readonly kind: "ConfigMap" | "Secret";
  readonly name: string;
  /** Undefined when all keys are taken. */
  readonly key?: string | undefined;
  /** The pod starts without it too. */
  readonly isOptional: boolean;
  /** Where the name stands, or the key. */
  readonly field: Field;
  /** Such as "variable DATABASE_URL of container web". */
  readonly usedFor: string;
}

export function referencesOf(workload: Workload): readonly Reference[] {
  const spec = workload.template.at("spec");
  return [
    ...workload.containers.flatMap(({ name, field }) => [
      ...field
        .at("env")
        .items()
        .flatMap((variable) => fromVariable(variable, name)),
      ...field
        .at("envFrom")
        .items()
        .flatMap((source) => [
          ...reference("ConfigMap", source.at("configMapRef"), "name", `variables of container ${name}`),
          ...reference("Secret", source.at("secretRef"), "name", `variables of container ${name}`),
        ]),
    ]),
    ...spec
      .at("volumes")
      .items()
      .flatMap((volume) => fromVolume(volume)),
    ...spec
      .at("imagePullSecrets")
      .items()
      // The kubelet goes on without one that is missing.
      .flatMap((secret) => reference("Secret", secret, "name", "pulling images", true)),
  ];
}

function fromVariable(variable: Field, container: string): readonly Reference[] {
  const usedFor = `variable ${variable.at("name").text ?? ""} of container ${container}`;
  return [
    ...reference("ConfigMap", variable.at("valueFrom", "configMapKeyRef"), "name", usedFor),
    ...reference("Secret", variable.at("valueFrom", "secretKeyRef"), "name", usedFor),
  ];
}

function fromVolume(volume: Field): readonly Reference[] {
  const usedFor = `volume ${volume.at("name").text ?? ""}`;
  const projected = volume.at("projected", "sources").items();
  return [
    ...withItems("ConfigMap", volume.at("configMap"), "name", usedFor),
    ...withItems("Secret", volume.at("secret"), "secretName", usedFor),
    ...projected.flatMap((source) => [
      ...withItems("ConfigMap", source.at("configMap"), "name", usedFor),
      ...withItems("Secret", source.at("secret"), "name", usedFor),
    ]),
  ];
}

/** The whole object, and each key that is picked from it. */
function withItems(
  kind: Reference["kind"],
  source: Field,
  nameKey: string,
  usedFor: string,
): readonly Reference[] {
  const whole = reference(kind, source, nameKey, usedFor);
  const keys = source.at("items").items();
  return [
    ...whole,
    ...whole.flatMap((one) =>
      keys.flatMap((item) => {
        const key = item.at("key").text;
        return key ? [{ ...one, key, field: item.at("key") }] : [];
      }),
    ),
  ];
}

function reference(
  kind: Reference["kind"],
  source: Field,
  nameKey: string,
  usedFor: string,
  isOptional = source.at("optional").value === true,
): readonly Reference[] {
  const name = source.at(nameKey).text;
  if (!name) return [];
  const key = source.at("key").text;
  return [{ kind, name, key, isOptional, field: source.at(key === undefined ? nameKey : "key"), usedFor }];
}
