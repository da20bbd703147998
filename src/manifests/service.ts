// Services, as far as they send traffic to pods.
import type { Field } from "./field.ts";
import { type Manifest, titleOf } from "./manifest.ts";

export interface Service {
  readonly manifest: Manifest;
  readonly title: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly selectorField: Field;
  readonly ports: readonly ServicePort[];
}

export interface ServicePort {
  /** Its name, else its number. */
  readonly title: string;
  readonly protocol: string;
  /** A port's number, or the name of a container's port. */
  readonly target: number | string;
  /** Where the target is said, or the port where it is left out. */
  readonly field: Field;
}

/** The Service that the manifest is; undefined when it selects no pods: ExternalName, or endpoints made by hand. */
export function serviceOf(manifest: Manifest): Service | undefined {
  if (manifest.group !== "" || manifest.kind !== "Service") return undefined;
  const spec = manifest.root.at("spec");
  const selector = spec.at("selector").texts();
  if (spec.at("type").text === "ExternalName" || Object.keys(selector).length === 0) return undefined;
  return {
    manifest,
    title: titleOf(manifest),
    selector,
    selectorField: spec.at("selector"),
    ports: spec.at("ports").items().flatMap(portOf),
  };
}

function portOf(field: Field): readonly ServicePort[] {
  const port = field.at("port").number;
  const target = field.at("targetPort");
  const wanted = target.number ?? target.text ?? port;
  if (wanted === undefined || wanted === "") return [];
  const title = field.at("name").text || String(port ?? wanted);
  const protocol = field.at("protocol").text ?? "TCP";
  return [{ title, protocol, target: wanted, field: target.isThere ? target : field }];
}
