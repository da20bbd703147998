// Events are kept for an hour, as by a real API server.
import type { ClusterParts } from "../cluster-parts.ts";

const TTL_MS = 3_600_000;
const SWEEP_EVERY_MS = 60_000;

/** Deletes old Events again and again, until the cluster's time stops. */
export function startEventExpiry({ objects, time }: ClusterParts): void {
  const events = objects.resources.named("events");
  const sweep = (): void => {
    const oldest = time.now() - TTL_MS;
    for (const event of objects.values("events")) {
      const { lastTimestamp, eventTime, metadata } = event;
      const at = Date.parse(lastTimestamp ?? eventTime ?? metadata.creationTimestamp);
      if (at < oldest) objects.store.remove(events, event);
    }
    time.after(SWEEP_EVERY_MS, sweep);
  };
  time.after(SWEEP_EVERY_MS, sweep);
}
