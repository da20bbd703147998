// The kinds of workload that a guard can target.

export const WORKLOAD_KINDS = ["Deployment"] as const;

export type WorkloadKind = (typeof WORKLOAD_KINDS)[number];

/** The kind of a target that says none. */
export const DEFAULT_WORKLOAD_KIND: WorkloadKind = "Deployment";
