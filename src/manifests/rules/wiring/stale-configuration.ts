// Does a change of the configuration reach the pods?
import type { LintRule } from "../../finding.ts";
import type { Manifest } from "../../manifest.ts";
import { referencesOf } from "../../references/configuration-references.ts";
import type { Workload } from "../../workload.ts";

export const staleConfiguration: LintRule = {
  id: "stale-configuration",
  severity: "info",
  meaning: "Pods read a ConfigMap at their start, and nothing restarts them when it changes",
  advice:
    "Variables, and files mounted with subPath, keep the values that they had when the container started, and most programs read other files only then. A change takes effect pod by pod at the next restart, which can be at night, or at the next rollout, whose rollback does not undo it. A checksum annotation in the pod template, or a name that is generated from the content (kustomize), makes it a rollout of its own.",
  *run(inventory) {
    if (inventory.isLive) return;
    for (const workload of inventory.workloads) {
      if (workload.isBatch || workload.manifest.kind === "Pod" || isRestarted(workload)) continue;
      const read = referencesOf(workload).find(
        ({ kind, name }) =>
          kind === "ConfigMap" &&
          !/-[a-z0-9]*\d[a-z0-9]*$/.test(name) &&
          isChangeable(inventory.find(workload.manifest.scope, "", kind, name)),
      );
      if (read === undefined) continue;
      yield {
        manifest: workload.manifest,
        field: read.field,
        message: `${workload.title} reads ConfigMap ${read.name} at the start of its containers, and nothing restarts them when it changes.`,
        fix: "Write a checksum of the ConfigMap into the annotations of the pod template, or let kustomize generate its name.",
      };
    }
  },
};

function isChangeable(found: Manifest | undefined): boolean {
  return found !== undefined && found.root.at("immutable").value !== true;
}

/** By a checksum in the template, or by a controller that watches the ConfigMap. */
function isRestarted({ manifest, template }: Workload): boolean {
  const keys = [
    ...Object.keys(template.at("metadata", "annotations").texts()),
    ...Object.keys(manifest.annotations),
  ];
  return keys.some((key) => /checksum|hash|sha|reloader|config.?version/i.test(key));
}
