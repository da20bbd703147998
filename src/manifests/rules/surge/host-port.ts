// Is there a node where the new pod finds the port of the host free?
import type { LintRule, Problem } from "../../finding.ts";
import type { Inventory } from "../../inventory.ts";
import { needsRoomForSurge, rolloutPlanOf } from "../../rollout-plan.ts";
import type { ContainerPort, Workload } from "../../workload.ts";

export const hostPort: LintRule = {
  id: "host-port",
  severity: "warning",
  meaning: "A rollout starts a new pod beside an old one that occupies the same port of the node",
  advice:
    "With hostPort or hostNetwork a node runs one pod for each port. A rolling update that keeps every old pod until a new one is ready needs a free node; without one the new pod stays Pending and the rollout never finishes.",
  *run(inventory) {
    for (const workload of inventory.workloads) {
      const port = hostPortsOf(workload)[0];
      if (port !== undefined) yield* judge(workload, port, inventory);
    }
  },
};

function* judge(
  workload: Workload,
  { number, field }: ContainerPort,
  inventory: Inventory,
): Iterable<Problem> {
  const { manifest, title } = workload;
  const plan = rolloutPlanOf(workload, inventory);
  if (plan !== undefined && needsRoomForSurge(plan)) {
    yield {
      manifest,
      field,
      message: `A rollout of ${title} keeps every old pod until a new one is ready, and the new one needs a node where port ${number} is free: without such a node it stays Pending.`,
      fix: "Write `strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}`, or use a Service instead of the port of the node.",
    };
  }
  const surge = manifest.root.at("spec", "updateStrategy", "rollingUpdate", "maxSurge");
  if (manifest.kind === "DaemonSet" && surge.isThere && surge.value !== 0 && surge.value !== "0%") {
    yield {
      manifest,
      field: surge,
      message: `A rollout of ${title} starts the new pod on a node beside the old one, which occupies port ${number}: the new pod stays Pending.`,
      fix: "Take `maxSurge` out and write `maxUnavailable: 1`.",
    };
  }
}

function hostPortsOf({ containers, template }: Workload): readonly ContainerPort[] {
  const isOnHost = template.at("spec", "hostNetwork").value === true;
  return containers
    .flatMap(({ ports }) => ports)
    .flatMap((port) => {
      const own = port.field.at("hostPort");
      if (own.number) return [{ ...port, number: own.number, field: own }];
      return isOnHost ? [port] : [];
    });
}
