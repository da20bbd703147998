// The controller of PersistentVolumeClaims: says in Events what a claim waits for, and has volumes provisioned.
import type { PersistentVolumeClaim, Pod, StorageClass } from "../../api-server/kinds.ts";
import { isSameJson } from "../../api-server/kube-object.ts";
import type { ClusterParts } from "../../cluster-parts.ts";
import { createEventRecorder } from "../events/event-recorder.ts";
import { createKeyQueue, keyFor, parseKey } from "../key-queue.ts";
import { claimNamesOf, classOf, isBound, waitsForConsumer } from "./pod-claims.ts";
import { createProvisioner } from "./provisioner.ts";

/** The scheduler writes the node for which a volume is to be made. */
export const SELECTED_NODE = "volume.kubernetes.io/selected-node";
/** It comes back to claims that are not bound. */
const RESYNC_MS = 15_000;

/** Watches claims, until the cluster's time stops. */
export function startClaimController(parts: ClusterParts): void {
  const { objects, time } = parts;
  const recorder = createEventRecorder(parts, { component: "persistentvolume-controller" });
  const provisioner = createProvisioner(parts);
  const queue = createKeyQueue(parts, sync, "persistentvolume-controller");
  const resyncs = new Set<string>();
  objects.subscribe("persistentvolumeclaims", ({ type, object, previous }) => {
    const isNews =
      type === "ADDED" || !isSameJson(object.metadata.annotations, previous?.metadata.annotations);
    if (type !== "DELETED" && isNews) queue.add(keyFor(object.metadata.namespace, object.metadata.name));
  });

  function sync(key: string): void {
    const { namespace, name } = parseKey(key);
    const claim = objects.get("persistentvolumeclaims", namespace, name);
    if (claim === undefined || isBound(claim)) return;
    resyncLater(key);
    const storageClass = classOf(objects, claim);
    if (storageClass === undefined) {
      const missing = `storageclass.storage.k8s.io "${claim.spec.storageClassName ?? ""}" not found`;
      recorder.record(claim, "Warning", "ProvisioningFailed", missing);
      return;
    }
    const isDelayed = waitsForConsumer(objects, claim);
    if (isDelayed && claim.metadata.annotations?.[SELECTED_NODE] === undefined) reportDelay(claim);
    else provision(claim, storageClass);
  }

  /** One at a time for each claim, however often it changes. */
  function resyncLater(key: string): void {
    if (resyncs.has(key)) return;
    resyncs.add(key);
    time.after(RESYNC_MS, () => {
      resyncs.delete(key);
      queue.add(key);
    });
  }

  function reportDelay(claim: PersistentVolumeClaim): void {
    const pods = waitingPods(claim).map(({ metadata }) => metadata.name);
    if (pods.length === 0) {
      const message = "waiting for first consumer to be created before binding";
      recorder.record(claim, "Normal", "WaitForFirstConsumer", message);
      return;
    }
    const message = `waiting for pod${pods.length > 1 ? "s" : ""} ${pods.join(",")} to be scheduled`;
    recorder.record(claim, "Normal", "WaitForPodScheduled", message);
  }

  function waitingPods({ metadata }: PersistentVolumeClaim): readonly Pod[] {
    return objects
      .list("pods", metadata.namespace)
      .filter((pod) => pod.spec.nodeName === undefined && claimNamesOf(pod).includes(metadata.name));
  }

  function provision(claim: PersistentVolumeClaim, storageClass: StorageClass): void {
    const message =
      `Waiting for a volume to be created either by the external provisioner '${storageClass.provisioner}' ` +
      "or manually by the system administrator. If volume creation is delayed, please verify that " +
      "the provisioner is running and correctly registered.";
    recorder.record(claim, "Normal", "ExternalProvisioning", message);
    provisioner.provision(claim, storageClass);
  }
}
