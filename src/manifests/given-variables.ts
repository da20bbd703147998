// Which variables a container is given, by name.
import type { Inventory } from "./inventory.ts";
import type { Container, Workload } from "./workload.ts";

export interface GivenVariables {
  readonly names: ReadonlySet<string>;
  /** It takes all keys of something that is not here. */
  readonly isPossiblyMore: boolean;
}

/** Those of env and envFrom; keys of ConfigMaps and Secrets that are taken whole count. */
export function givenTo(container: Container, { manifest }: Workload, inventory: Inventory): GivenVariables {
  const names = new Set<string>();
  let isPossiblyMore = false;
  for (const variable of container.field.at("env").items()) names.add(variable.at("name").text ?? "");
  for (const source of container.field.at("envFrom").items()) {
    const prefix = source.at("prefix").text ?? "";
    for (const [key, kind] of [
      ["configMapRef", "ConfigMap"],
      ["secretRef", "Secret"],
    ] as const) {
      const name = source.at(key, "name").text;
      if (name === undefined) continue;
      const found = inventory.find(manifest.scope, "", kind, name);
      if (found === undefined) isPossiblyMore = true;
      for (const part of ["data", "stringData"]) {
        for (const [entry] of found?.root.at(part).entries() ?? []) names.add(`${prefix}${entry}`);
      }
    }
  }
  return { names, isPossiblyMore };
}
