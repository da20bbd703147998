// The attach-detach controller: attaches volumes to the nodes of their pods, one node at a time unless many may share
// them, and detaches them when no pod of the node uses them any more.
import type { PersistentVolume, Pod, VolumeAttachment } from "../../api-server/kinds.ts";
import type { ClusterParts } from "../../cluster-parts.ts";
import { createEventRecorder } from "../events/event-recorder.ts";
import { isTerminal } from "../pod-readiness.ts";
import { claimNamesOf, claimsOf } from "./pod-claims.ts";

/** What the storage takes to attach a volume, and to detach it after its last pod has gone (ms). */
const ATTACH_MS = [1_000, 3_000] as const;
const DETACH_MS = [2_000, 6_000] as const;
/** How soon it looks again after a change, and how often while something is to be done. */
const RECONCILE_MS = 100;
const SHARED = ["ReadWriteMany", "ReadOnlyMany"];

/** Watches pods with claims, until the cluster's time stops. */
export function startAttachController(parts: ClusterParts): void {
  const { objects, time, random } = parts;
  const recorder = createEventRecorder(parts, { component: "attachdetach-controller" });
  /** The volumes and nodes for which an error was reported: each is reported once. */
  const reported = new Set<string>();
  const busy = new Set<string>();
  let isDue = false;

  objects.subscribe("pods", ({ object }) => {
    if (claimNamesOf(object as Pod).length > 0) soon();
  });
  objects.subscribe("persistentvolumeclaims", soon);

  function soon(): void {
    if (isDue) return;
    isDue = true;
    time.after(RECONCILE_MS, () => {
      isDue = false;
      reconcile();
    });
  }

  /** Each volume that pods of a node use. */
  function wanted(): readonly {
    readonly volume: PersistentVolume;
    readonly pod: Pod;
    readonly node: string;
  }[] {
    return objects.list("pods").flatMap((pod) => {
      const { nodeName } = pod.spec;
      if (nodeName === undefined || isTerminal(pod)) return [];
      return claimsOf(objects, pod).flatMap(({ spec }) => {
        const volume = objects.get("persistentvolumes", "", spec.volumeName ?? "");
        return volume === undefined ? [] : [{ volume, pod, node: nodeName }];
      });
    });
  }

  function reconcile(): void {
    const all = wanted();
    const attachments = objects.list("volumeattachments");
    for (const attachment of attachments) {
      const { nodeName, source } = attachment.spec;
      const isUsed = all.some(
        ({ volume, node }) => node === nodeName && volume.metadata.name === source.persistentVolumeName,
      );
      if (!isUsed && attachment.status.attached) detach(attachment);
    }
    for (const { volume, pod, node } of all) {
      const own = attachments.filter(({ spec }) => spec.source.persistentVolumeName === volume.metadata.name);
      if (own.some(({ spec }) => spec.nodeName === node)) continue;
      const isShared = (volume.spec.accessModes ?? []).some((mode) => SHARED.includes(mode));
      if (own.length > 0 && !isShared) report(volume, pod, node, own, all);
      else attach(volume, pod, node);
    }
  }

  function attach(volume: PersistentVolume, pod: Pod, node: string): void {
    const { name } = volume.metadata;
    const csi = volume.spec["csi"] as { readonly driver?: string } | undefined;
    const attachment = objects.create("volumeattachments", "", {
      metadata: { name: `csi-${random.hex(64)}` },
      spec: { attacher: csi?.driver ?? "", nodeName: node, source: { persistentVolumeName: name } },
    });
    time.after(random.between(...ATTACH_MS), () => {
      const current = objects.get("volumeattachments", "", attachment.metadata.name);
      if (current === undefined) return;
      objects.updateStatus("volumeattachments", { ...current, status: { attached: true } });
      const message = `AttachVolume.Attach succeeded for volume "${name}" `;
      recorder.record(pod, "Normal", "SuccessfulAttachVolume", message);
      soon();
    });
  }

  function detach({ metadata }: VolumeAttachment): void {
    if (busy.has(metadata.name)) return;
    busy.add(metadata.name);
    time.after(random.between(...DETACH_MS), () => {
      busy.delete(metadata.name);
      objects.delete("volumeattachments", "", metadata.name);
      soon();
    });
  }

  function report(
    volume: PersistentVolume,
    pod: Pod,
    node: string,
    attachments: readonly VolumeAttachment[],
    all: readonly { readonly volume: PersistentVolume; readonly pod: Pod; readonly node: string }[],
  ): void {
    const { name } = volume.metadata;
    const key = `${name} ${node} ${pod.metadata.uid}`;
    if (reported.has(key)) return;
    reported.add(key);
    const nodes = attachments.map(({ spec }) => spec.nodeName);
    const users = all.filter((each) => each.volume.metadata.name === name && nodes.includes(each.node));
    const names = users.map((each) => each.pod.metadata.name);
    const why =
      names.length === 0
        ? "Volume is already exclusively attached to one node and can't be attached to another"
        : `Volume is already used by pod(s) ${names.join(", ")}`;
    recorder.record(pod, "Warning", "FailedAttachVolume", `Multi-Attach error for volume "${name}" ${why}`);
  }
}
