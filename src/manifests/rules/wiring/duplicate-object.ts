// Is every object written once?
import type { LintRule } from "../../finding.ts";
import { type Manifest, titleOf } from "../../manifest.ts";
import { placeText } from "../../place.ts";

export const duplicateObject: LintRule = {
  id: "duplicate-object",
  severity: "warning",
  meaning: "Two manifests are of one kind and name: the one that is applied last wins",
  advice:
    "kubectl applies both, one after the other, and the first one is lost. It is information where they are in two files of a folder: those are often variants of one example, of which one is applied.",
  *run(inventory) {
    const seen = new Map<string, Manifest>();
    for (const manifest of inventory.manifests) {
      // A name that is generated is another one each time.
      if (!manifest.root.at("metadata", "name").isThere) continue;
      const { group, kind, name, namespace, scope } = manifest;
      const identity = JSON.stringify([group, kind, namespace, scope, name]);
      const earlier = seen.get(identity);
      seen.set(identity, manifest);
      if (earlier === undefined) continue;
      const isVariant = earlier.root.origin.source !== manifest.root.origin.source;
      yield {
        manifest,
        field: manifest.root.at("metadata", "name"),
        ...(isVariant && { severity: "info" as const }),
        message: `${titleOf(manifest)} is also at ${placeText(earlier.root.place)}${isVariant ? ": variants of one object, or a mistake" : ""}. Where both are applied, the last one wins.`,
        fix: isVariant
          ? "Nothing, if only one of them is applied; otherwise rename one."
          : "Rename one, or remove it.",
      };
    }
  },
};
