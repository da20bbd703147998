// The leader election as the settings want it.
import { randomBytes } from "node:crypto";
import { LeaderElection } from "../controller/leadership/leader-election.ts";
import type { ClusterClock } from "../kube/cluster-clock.ts";
import type { ApiClient } from "../kube/connection/api-client.ts";
import { createLeaseAccess } from "../kube/lease/lease-access.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { Settings } from "./settings-table.ts";

interface Parts {
  readonly client: ApiClient;
  readonly clock: ClusterClock;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, "leader">;
}

/** Not started. `onChange` is called when this instance begins or ends to act. */
export function createElection(
  settings: Settings,
  { client, clock, logger, metrics }: Parts,
  onChange: () => void,
): LeaderElection {
  const { identity, leaseName, leaseNamespace } = settings;
  const election = new LeaderElection({
    lease: createLeaseAccess(client, { namespace: leaseNamespace, name: leaseName }),
    // A container that was started again has the name of its pod, and must not take its former Lease for its own.
    identity: `${identity}_${randomBytes(4).toString("hex")}`,
    times: {
      durationMs: settings.leaseDurationMs,
      renewDeadlineMs: settings.leaseRenewDeadlineMs,
      retryPeriodMs: settings.leaseRetryPeriodMs,
    },
    clock,
    logger,
    onChange,
  });
  metrics.leader.readFrom(() => [[{ name: leaseName }, election.isLeading ? 1 : 0]]);
  return election;
}
