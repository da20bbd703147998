// One Kubernetes object, as it stands in a file or in a cluster.
import type { Field } from "./field.ts";

export interface Manifest {
  /** The API group; empty for the core one. */
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  /** Empty when it is not said. */
  readonly namespace: string;
  /** Objects of different scopes are never held against each other: namespaces, or folders that repeat the same objects. */
  readonly scope: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly root: Field;
}

/** The manifest that the field is; undefined when it is no Kubernetes object with a kind and a name. */
export function manifestOf(root: Field, defaultNamespace = ""): Manifest | undefined {
  const kind = root.at("kind").text;
  const apiVersion = root.at("apiVersion").text;
  const metadata = root.at("metadata");
  const name = metadata.at("name").text ?? metadata.at("generateName").text;
  if (!kind || !apiVersion || !name) return undefined;
  const namespace = metadata.at("namespace").text || defaultNamespace;
  return {
    group: apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "",
    kind,
    name,
    namespace,
    scope: namespace,
    annotations: metadata.at("annotations").texts(),
    root,
  };
}

/** "Deployment web", as sentences name it. */
export function titleOf({ kind, name }: Pick<Manifest, "kind" | "name">): string {
  return `${kind} ${name}`;
}
