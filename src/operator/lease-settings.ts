// What the settings of the leader election must be to each other, and the namespace of the Lease where none is given.
import { readFileSync } from "node:fs";
import { formatDuration } from "../api/duration.ts";
import { LONGEST_JITTER } from "../controller/leadership/lease-rules.ts";
import { SETTINGS, type Settings } from "./settings-table.ts";

/** Where every pod with a service account finds the name of its namespace. */
const OWN_NAMESPACE_FILE = "/var/run/secrets/kubernetes.io/serviceaccount/namespace";

/** The namespace of the pod in which this process runs; undefined where it runs in none, or without a service account. */
export function readOwnNamespace(): string | undefined {
  try {
    return readFileSync(OWN_NAMESPACE_FILE, "utf8").trim() || undefined;
  } catch {
    return undefined;
  }
}

type LeaseSettings = Pick<
  Settings,
  "leaderElection" | "leaseNamespace" | "leaseDurationMs" | "leaseRenewDeadlineMs" | "leaseRetryPeriodMs"
>;

/**
 * What is wrong with the settings together, in a sentence. A holder must stop before another may begin, and must have
 * had the chance to renew before it stops: duration > renew deadline > the longest pause between two tries.
 */
export function leaseProblem(settings: LeaseSettings): string | undefined {
  const { leaderElection, leaseNamespace, leaseDurationMs, leaseRenewDeadlineMs, leaseRetryPeriodMs } =
    settings;
  if (!leaderElection) return undefined;
  const { leaseNamespace: where, leaseDurationMs: duration, leaseRenewDeadlineMs: deadline } = SETTINGS;
  if (leaseNamespace === "") {
    return `${SETTINGS.leaderElection.flag} requires ${where.flag} when RolloutGuard runs outside of a cluster`;
  }
  if (leaseRenewDeadlineMs >= leaseDurationMs) {
    return `${deadline.flag} (${formatDuration(leaseRenewDeadlineMs)}) must be shorter than ${duration.flag} (${formatDuration(leaseDurationMs)})`;
  }
  if (leaseRenewDeadlineMs <= leaseRetryPeriodMs * LONGEST_JITTER) {
    return `${deadline.flag} (${formatDuration(leaseRenewDeadlineMs)}) must be longer than ${LONGEST_JITTER} times ${SETTINGS.leaseRetryPeriodMs.flag} (${formatDuration(leaseRetryPeriodMs)})`;
  }
  return undefined;
}
