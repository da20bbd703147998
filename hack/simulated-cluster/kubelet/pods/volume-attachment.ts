// Waits until a pod's claims are attached to its node; says every two minutes which are not.
import type { Pod } from "../../api-server/kinds.ts";
import type { ApiObjects } from "../../api-server/objects.ts";
import type { MountParts } from "./mount-volumes.ts";

const LOOKS_EVERY_MS = 300;
const GIVES_UP_AFTER_MS = 123_000;

/** Calls back when all claims of the pod are attached, at once when it has none; never when the pod ends before. */
export function awaitAttachment(pod: Pod, parts: MountParts, attached: () => void): void {
  const { objects, timers, isWanted, warn } = parts;
  const attempt = (waitedMs: number): void => {
    if (!isWanted()) return;
    const missing = unattachedVolumes(objects, pod);
    if (missing.length === 0) {
      attached();
      return;
    }
    const hasGivenUp = waitedMs >= GIVES_UP_AFTER_MS;
    if (hasGivenUp) {
      const names = `[${missing.join(" ")}]`;
      const which = `unmounted volumes=${names}, unattached volumes=${names}, failed to process volumes=[]`;
      warn("FailedMount", `Unable to attach or mount volumes: ${which}: context deadline exceeded`);
    }
    timers.after(LOOKS_EVERY_MS, () => attempt(hasGivenUp ? 0 : waitedMs + LOOKS_EVERY_MS));
  };
  attempt(0);
}

function unattachedVolumes(objects: ApiObjects, { metadata, spec }: Pod): readonly string[] {
  const claimed = (spec.volumes ?? []).filter((volume) => volume.persistentVolumeClaim !== undefined);
  if (claimed.length === 0) return [];
  const attachments = objects.list("volumeattachments");
  return claimed
    .filter(({ persistentVolumeClaim }) => {
      const claimName = persistentVolumeClaim?.claimName ?? "";
      const claim = objects.get("persistentvolumeclaims", metadata.namespace ?? "", claimName);
      return !attachments.some(
        ({ spec: { nodeName, source }, status }) =>
          status.attached &&
          nodeName === spec.nodeName &&
          source.persistentVolumeName === claim?.spec.volumeName,
      );
    })
    .map(({ name }) => name);
}
