// Can the new pod mount the volume while the old one has it?
import type { Field } from "../../field.ts";
import type { LintRule, Problem } from "../../finding.ts";
import type { Inventory } from "../../inventory.ts";
import type { Manifest } from "../../manifest.ts";
import { fewestReplicas, needsRoomForSurge, rolloutPlanOf } from "../../rollout-plan.ts";
import type { Workload } from "../../workload.ts";

export const exclusiveVolume: LintRule = {
  id: "exclusive-volume",
  severity: "warning",
  meaning: "Several pods need a volume that one node, or one pod, can have at a time",
  advice:
    "A ReadWriteOnce volume can be mounted on one node at a time, and a ReadWriteOncePod volume by one pod. With several replicas, or with a rolling update that starts the new pod before the old one ends, a pod on another node stays in ContainerCreating (Multi-Attach error) and the rollout does not finish.",
  *run(inventory) {
    for (const workload of inventory.workloads) {
      if (workload.isBatch || workload.manifest.kind === "Pod" || isOnOneNode(workload)) continue;
      for (const volume of exclusiveVolumes(workload, inventory)) yield* judge(workload, volume, inventory);
    }
  },
};

interface ExclusiveVolume {
  readonly title: string;
  /** Such as "ReadWriteOnce". */
  readonly mode: string;
  readonly field: Field;
}

function* judge(workload: Workload, volume: ExclusiveVolume, inventory: Inventory): Iterable<Problem> {
  const { manifest, title } = workload;
  const replicas = fewestReplicas(workload, inventory);
  const plan = rolloutPlanOf(workload, inventory);
  const forOnePod = volume.mode === "ReadWriteOncePod";
  const severity = forOnePod ? ("error" as const) : undefined;
  if (replicas > 1) {
    yield {
      manifest,
      field: volume.field,
      severity,
      message: `${title} has ${replicas} replicas that share ${volume.title}, which is ${volume.mode}: ${forOnePod ? "only one of them can start" : "replicas on another node than the first cannot mount it"}.`,
      fix: "Use a volume with the access mode ReadWriteMany, or a StatefulSet with volumeClaimTemplates, which gives each pod a volume of its own.",
    };
  } else if (plan !== undefined && needsRoomForSurge(plan)) {
    yield {
      manifest,
      field: volume.field,
      severity,
      message: `A rollout of ${title} starts the new pod while the old one still has ${volume.title}, which is ${volume.mode}: ${forOnePod ? "the new pod cannot start" : "on another node the new pod cannot mount it"}, and the old pod stays until the new one is ready.`,
      fix: "Write `strategy: {type: Recreate}` into spec, so that the old pod ends first.",
    };
  }
}

/** All pods run on the node that has the volume. */
function isOnOneNode({ template }: Workload): boolean {
  const spec = template.at("spec");
  return spec.at("nodeSelector", "kubernetes.io/hostname").isThere || spec.at("nodeName").isThere;
}

/** Disks that a node has alone, written into the pod's spec. */
const DISKS = ["gcePersistentDisk", "awsElasticBlockStore", "azureDisk", "cinder", "vsphereVolume"];

function exclusiveVolumes(
  { manifest, template }: Workload,
  inventory: Inventory,
): readonly ExclusiveVolume[] {
  return template
    .at("spec", "volumes")
    .items()
    .flatMap((volume): readonly ExclusiveVolume[] => {
      const claimName = volume.at("persistentVolumeClaim", "claimName");
      if (claimName.text !== undefined) {
        const mode = exclusiveModeOf(claimNamed(claimName.text, manifest, inventory));
        return mode === undefined
          ? []
          : [{ title: `PersistentVolumeClaim ${claimName.text}`, mode, field: claimName }];
      }
      const disk = DISKS.find(
        (kind) => volume.at(kind).isThere && volume.at(kind, "readOnly").value !== true,
      );
      return disk === undefined
        ? []
        : [
            {
              title: `volume ${volume.at("name").text} (${disk})`,
              mode: "ReadWriteOnce",
              field: volume.at(disk),
            },
          ];
    });
}

function claimNamed(name: string, { scope }: Manifest, inventory: Inventory): Manifest | undefined {
  return inventory.find(scope, "", "PersistentVolumeClaim", name);
}

/** Undefined when several nodes can have it, or nothing is known. */
function exclusiveModeOf(claim: Manifest | undefined): string | undefined {
  const modes = claim?.root
    .at("spec", "accessModes")
    .items()
    .map(({ text }) => text ?? "");
  if (!modes?.length || modes.some((mode) => !mode.startsWith("ReadWriteOnce"))) return undefined;
  return modes[0];
}
