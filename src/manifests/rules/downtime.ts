// Does a rollout take away what serves before the new pods are there?
import type { LintRule } from "../finding.ts";
import type { Workload } from "../workload.ts";

export const rolloutDowntime: LintRule = {
  id: "rollout-downtime",
  severity: "info",
  meaning: "A rollout stops all pods of a Service before the new ones are ready",
  advice:
    "The strategy Recreate, or maxUnavailable 100%, on a Deployment with a Service. Nothing is said where a volume or a port of the node allows no second pod.",
  *run(inventory) {
    for (const workload of inventory.workloads) {
      const { manifest, title } = workload;
      if (manifest.kind !== "Deployment" || inventory.servicesOf(workload).length === 0) continue;
      const strategy = manifest.root.at("spec", "strategy");
      const unavailable = strategy.at("rollingUpdate", "maxUnavailable");
      if (hasPlaceForOne(workload)) continue;
      const isRecreate = strategy.at("type").text === "Recreate";
      if (!isRecreate && unavailable.text !== "100%") continue;
      yield {
        manifest,
        field: isRecreate ? strategy.at("type") : unavailable,
        message: `A rollout of ${title} ends all old pods before a new one is ready: there is no service until then, and none at all if the new version does not start.`,
        fix: "Write `maxUnavailable: 0` with the RollingUpdate strategy, unless two versions must never run at once.",
      };
    }
  },
};

/** A claim or a port of the node that a second pod may not get: Recreate is right then. */
function hasPlaceForOne({ template, containers }: Workload): boolean {
  const spec = template.at("spec");
  return (
    spec
      .at("volumes")
      .items()
      .some((volume) => volume.at("persistentVolumeClaim").isThere) ||
    spec.at("hostNetwork").value === true ||
    containers.some(({ ports }) => ports.some(({ field }) => field.at("hostPort").isThere))
  );
}
