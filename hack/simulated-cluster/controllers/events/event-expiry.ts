// Events are kept for an hour, as by a real API server.
import type { KubeObject } from "../../api-server/kube-object.ts";
import type { ClusterParts } from "../../cluster-parts.ts";

const TTL_MS = 3_600_000;
const SWEEP_EVERY_MS = 60_000;

/** Deletes Events an hour after they were last written, until the cluster's time stops. */
export function startEventExpiry({ objects, time }: ClusterParts): void {
  const events = objects.resources.named("events");
  /** The newest version of each, the one first that was written the longest ago. */
  const byAge = new Map<string, { readonly event: KubeObject; readonly at: number }>();

  objects.subscribe("events", ({ type, object }) => {
    const { uid } = object.metadata;
    byAge.delete(uid);
    if (type !== "DELETED") byAge.set(uid, { event: object, at: time.now() });
  });

  const sweep = (): void => {
    const oldest = time.now() - TTL_MS;
    for (const { event, at } of byAge.values()) {
      if (at >= oldest) break;
      objects.store.remove(events, event);
    }
    time.after(SWEEP_EVERY_MS, sweep);
  };
  time.after(SWEEP_EVERY_MS, sweep);
}
