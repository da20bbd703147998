// What workloads take from ConfigMaps and Secrets: names and keys, never values.
import type { Field } from "../field.ts";
import type { Workload } from "../workload.ts";

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
  /** Pods start without it as long as no image needs it. */
  readonly isForPulling?: boolean | undefined;
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
    ...workload.containers.flatMap(({ name, field }) =>
      field
        .at("volumeMounts")
        .items()
        .flatMap((mount) => fromSubPath(mount, name, spec)),
    ),
    ...spec
      .at("imagePullSecrets")
      .items()
      .flatMap((secret) => reference("Secret", secret, "name", "credentials for pulling images"))
      .map((one) => ({ ...one, isForPulling: true })),
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

/** A file of a volume that is mounted alone: it must be one of the keys. */
function fromSubPath(mount: Field, container: string, spec: Field): readonly Reference[] {
  const subPath = mount.at("subPath").text?.replace(/^\.\//, "");
  const volume = spec
    .at("volumes")
    .items()
    .find((one) => one.at("name").text === mount.at("name").text);
  if (!subPath || volume === undefined) return [];
  const isPicked = [volume.at("configMap"), volume.at("secret")].some((source) =>
    source
      .at("items")
      .items()
      // A picked key may stand in a folder.
      .some((item) => item.at("path").text?.split("/")[0] === subPath.split("/")[0]),
  );
  if (isPicked) return [];
  const usedFor = `the file at ${mount.at("mountPath").text ?? subPath} of container ${container}`;
  return [
    ...reference("ConfigMap", volume.at("configMap"), "name", usedFor),
    ...reference("Secret", volume.at("secret"), "secretName", usedFor),
  ].map((whole) => ({ ...whole, key: subPath, field: mount.at("subPath") }));
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
