// Has a container somewhere to write its temporary files?
import type { LintRule } from "../finding.ts";
import { lastingContainers } from "../workload.ts";

export const readOnlyRoot: LintRule = {
  id: "read-only-root",
  severity: "info",
  meaning: "A container cannot write to its file system, and has no volume at /tmp",
  advice:
    "Many programs and libraries write temporary files and stop when they cannot. An emptyDir at /tmp is enough for most.",
  *run(inventory) {
    for (const workload of inventory.workloads) {
      for (const { name, field } of lastingContainers(workload)) {
        const setting = field.at("securityContext", "readOnlyRootFilesystem");
        const hasTmp = field
          .at("volumeMounts")
          .items()
          .some((mount) => /^\/(tmp|var\/tmp)?\/?$/.test(mount.at("mountPath").text ?? ""));
        if (setting.value !== true || hasTmp) continue;
        yield {
          manifest: workload.manifest,
          field: setting,
          message: `Container ${name} of ${workload.title} has a read-only file system and no volume at /tmp.`,
          fix: "Mount an emptyDir at /tmp, unless the application writes no temporary files.",
        };
      }
    }
  },
};
