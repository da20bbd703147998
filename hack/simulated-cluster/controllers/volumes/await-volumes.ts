// Has the volumes made that wait for their first consumer, once the scheduler has chosen a node.
import type { Pod } from "../../api-server/kinds.ts";
import type { ClusterParts } from "../../cluster-parts.ts";
import { SELECTED_NODE } from "./claim-controller.ts";
import { delayedClaims } from "./pod-claims.ts";

const GIVES_UP_AFTER_MS = 600_000;
const LOOKS_EVERY_MS = 100;

/** Calls back with the pod as it is then, and whether its claims are bound; never when the pod goes before. */
export type AwaitVolumes = (pod: Pod, nodeName: string, done: (pod: Pod, isBound: boolean) => void) => void;

/** The function does nothing for a pod whose volumes are awaited already. */
export function createAwaitVolumes({ objects, time }: ClusterParts): AwaitVolumes {
  const awaited = new Set<string>();

  return (pod, nodeName, done) => {
    const { uid, name, namespace = "" } = pod.metadata;
    if (awaited.has(uid)) return;
    awaited.add(uid);
    for (const claim of delayedClaims(objects, pod)) {
      const annotations = { ...claim.metadata.annotations, [SELECTED_NODE]: nodeName };
      objects.update("persistentvolumeclaims", { ...claim, metadata: { ...claim.metadata, annotations } });
    }
    const givesUpAt = time.now() + GIVES_UP_AFTER_MS;
    const look = (): void => {
      const current = objects.get("pods", namespace, name);
      const isGone = current?.metadata.uid !== uid || current.metadata.deletionTimestamp !== undefined;
      const isBound = !isGone && delayedClaims(objects, current).length === 0;
      if (!isGone && !isBound && time.now() < givesUpAt) {
        time.after(LOOKS_EVERY_MS, look);
        return;
      }
      awaited.delete(uid);
      if (!isGone) done(current, isBound);
    };
    time.after(LOOKS_EVERY_MS, look);
  };
}
