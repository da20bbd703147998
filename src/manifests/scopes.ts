// Which manifests belong together: those of a namespace, or, where folders repeat the same objects, those of a folder.
import type { Manifest } from "./manifest.ts";

/** The manifests with their scopes. Base and overlays, or staging and production, repeat objects and are kept apart. */
export function assignScopes(manifests: readonly Manifest[]): readonly Manifest[] {
  const seen = new Map<string, string>();
  const isRepeated = manifests.some((manifest) => {
    const identity = JSON.stringify([manifest.group, manifest.kind, manifest.namespace, manifest.name]);
    const folder = folderOf(manifest);
    const earlier = seen.get(identity);
    seen.set(identity, folder);
    return earlier !== undefined && earlier !== folder;
  });
  if (!isRepeated) return manifests;
  return manifests.map((manifest) => ({
    ...manifest,
    scope: JSON.stringify([manifest.namespace, folderOf(manifest)]),
  }));
}

function folderOf({ root }: Manifest): string {
  const { source } = root.origin;
  return source.slice(0, Math.max(0, source.lastIndexOf("/")));
}
