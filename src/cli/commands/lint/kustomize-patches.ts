// The files that a kustomization uses as patches: parts of objects, which mean nothing by themselves.
import { basename, dirname, resolve } from "node:path";
import { YamlDocument } from "../../../manifests/yaml/yaml-document.ts";

/** What a kustomization is called. */
export const KUSTOMIZATION = /^kustomization(\.ya?ml)?$/i;

/** The absolute paths of the patches that the file names; none when it is no kustomization, or cannot be read. */
export function patchFilesOf(file: string, text: string): readonly string[] {
  if (!KUSTOMIZATION.test(basename(file))) return [];
  return patchesOf(parsed(text)).map((path) => resolve(dirname(file), path));
}

function parsed(text: string): unknown {
  try {
    return new YamlDocument({ text, line: 1 }, "").read();
  } catch {
    // Read as a manifest it will be told as a problem.
    return undefined;
  }
}

function patchesOf(kustomization: unknown): readonly string[] {
  const { patches, patchesStrategicMerge, patchesJson6902 } = asRecord(kustomization);
  return [
    ...asArray(patches).map((patch) => asRecord(patch).path),
    ...asArray(patchesStrategicMerge),
    ...asArray(patchesJson6902).map((patch) => asRecord(patch).path),
  ].filter((path) => typeof path === "string" && !path.includes("\n")) as string[];
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
