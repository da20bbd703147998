// Waits at the start until the API server answers, and says so while it does not: an operator may start before it.

import { type Clock, sleep } from "../kube/clock.ts";
import type { ApiClient } from "../kube/connection/api-client.ts";
import { type ClusterOffer, discoverCluster, MissingCrdsError } from "../kube/connection/discovery.ts";
import type { Logger } from "../telemetry/logger.ts";

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 15_000;

/**
 * What the cluster serves, as soon as it can be asked; undefined when the signal aborted before that.
 * Rejects with MissingCrdsError when RolloutGuard's CRDs are not installed: waiting would not install them.
 */
export async function awaitCluster(
  client: ApiClient,
  { clock, logger, signal }: { readonly clock: Clock; readonly logger: Logger; readonly signal: AbortSignal },
): Promise<ClusterOffer | undefined> {
  for (let delayMs = FIRST_DELAY_MS; !signal.aborted; delayMs = Math.min(LONGEST_DELAY_MS, delayMs * 2)) {
    try {
      return await discoverCluster(client);
    } catch (error) {
      if (error instanceof MissingCrdsError) throw error;
      if (signal.aborted) return undefined;
      const why = error instanceof Error ? error.message : String(error);
      logger.warn(`API discovery failed: ${why}; retrying in ${delayMs / 1_000}s`);
      await sleep(clock, delayMs, signal);
    }
  }
  return undefined;
}
