// An external provisioner: makes volumes for claims, as the parameters of their StorageClass say.

import type { PersistentVolumeClaim, StorageClass } from "../../api-server/kinds.ts";
import type { ClusterParts } from "../../cluster-parts.ts";
import { parseDuration } from "../../duration.ts";
import { createEventRecorder, type EventRecorder } from "../events/event-recorder.ts";
import { isBound } from "./pod-claims.ts";

/** Every parameter of a StorageClass with its meaning. */
export const PROVISIONER_PARAMETERS = {
  takes: "How long it takes to make a volume, as 90s. Default 2s.",
  fails: "The error that it answers instead of making a volume, in the words of the CSI driver.",
  failsFor: "How long it answers that error, counted from its first try. Default: for good.",
} as const;

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 300_000;
const DEFAULT_TAKES_MS = 2_000;

export interface Provisioner {
  /** Makes a volume for the claim and binds it, in its own time. Does nothing while it is at it. */
  provision(claim: PersistentVolumeClaim, storageClass: StorageClass): void;
}

export function createProvisioner(parts: ClusterParts): Provisioner {
  const { objects, time, random } = parts;
  const recorders = new Map<string, EventRecorder>();
  const begun = new Set<string>();

  function recorderOf({ provisioner }: StorageClass): EventRecorder {
    const known = recorders.get(provisioner);
    if (known !== undefined) return known;
    const recorder = createEventRecorder(parts, {
      component: `${provisioner}_csi-controller-${random.suffix(5)}_${random.uuid()}`,
    });
    recorders.set(provisioner, recorder);
    return recorder;
  }

  /** The claim as it is now, if it still waits. */
  function waiting({ metadata }: PersistentVolumeClaim): PersistentVolumeClaim | undefined {
    const now = objects.get("persistentvolumeclaims", metadata.namespace ?? "", metadata.name);
    return now?.metadata.uid === metadata.uid && !isBound(now) ? now : undefined;
  }

  function attempt(
    first: PersistentVolumeClaim,
    storageClass: StorageClass,
    since: number,
    retryMs: number,
  ): void {
    const claim = waiting(first);
    if (claim === undefined) return;
    const { name, namespace = "" } = claim.metadata;
    const { takes, fails, failsFor } = storageClass.parameters ?? {};
    const recorder = recorderOf(storageClass);
    const what = `External provisioner is provisioning volume for claim "${namespace}/${name}"`;
    recorder.record(claim, "Normal", "Provisioning", what);
    const failsUntil = failsFor === undefined ? Number.POSITIVE_INFINITY : since + durationMs(failsFor, 0);
    if (fails !== undefined && time.now() < failsUntil) {
      const why = `failed to provision volume with StorageClass "${storageClass.metadata.name}": ${fails}`;
      recorder.record(claim, "Warning", "ProvisioningFailed", why);
      time.after(retryMs, () => attempt(first, storageClass, since, Math.min(retryMs * 2, LAST_RETRY_MS)));
      return;
    }
    time.after(durationMs(takes, DEFAULT_TAKES_MS), () => finish(first, storageClass, recorder));
  }

  function finish(first: PersistentVolumeClaim, storageClass: StorageClass, recorder: EventRecorder): void {
    const claim = waiting(first);
    if (claim === undefined) return;
    const { uid, name, namespace = "" } = claim.metadata;
    const volumeName = `pvc-${uid}`;
    const { accessModes, storageClassName, resources } = claim.spec;
    const volume = objects.create("persistentvolumes", "", {
      metadata: { name: volumeName },
      spec: {
        accessModes,
        storageClassName,
        capacity: resources?.requests,
        claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name, uid },
        csi: { driver: storageClass.provisioner, volumeHandle: `vol-${random.hex(17)}` },
      },
    });
    objects.updateStatus("persistentvolumes", { ...volume, status: { phase: "Bound" } });
    recorder.record(
      claim,
      "Normal",
      "ProvisioningSucceeded",
      `Successfully provisioned volume ${volumeName}`,
    );
    const bound = objects.update("persistentvolumeclaims", { ...claim, spec: { ...claim.spec, volumeName } });
    objects.updateStatus("persistentvolumeclaims", { ...bound, status: { ...bound.status, phase: "Bound" } });
  }

  return {
    provision(claim, storageClass) {
      if (begun.has(claim.metadata.uid)) return;
      begun.add(claim.metadata.uid);
      attempt(claim, storageClass, time.now(), FIRST_RETRY_MS);
    },
  };
}

function durationMs(text: string | undefined, otherwise: number): number {
  return (text === undefined ? undefined : parseDuration(text)) ?? otherwise;
}
