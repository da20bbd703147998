// What a kubelet says of a pod that it refuses, by the usual reasons.

/** The reason of the pod's status, and its message without "Pod was rejected: ". */
export interface Refusal {
  readonly reason: string;
  readonly message: string;
}

/** What is said for the usual reasons, with the numbers of a node of 16 cpus that is full. */
export const REFUSAL_MESSAGES = {
  NodeAffinity: "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
  OutOfcpu: "Node didn't have enough resource: cpu, requested: 2000, used: 15500, capacity: 16000",
  OutOfmemory:
    "Node didn't have enough resource: memory, requested: 4294967296, used: 66571993088, capacity: 68719476736",
  OutOfpods: "Node didn't have enough resource: pods, requested: 1, used: 110, capacity: 110",
  UnexpectedAdmissionError:
    "Allocate failed due to requested number of devices unavailable for nvidia.com/gpu. Requested: 1, Available: 0, which is unexpected",
  Evicted: "The node had condition: [DiskPressure]. ",
  NodeShutdown: "Pod was rejected as the node is shutting down.",
} as const satisfies Readonly<Record<string, string>>;

export type RefusalReason = keyof typeof REFUSAL_MESSAGES;
export const REFUSAL_REASONS = Object.keys(REFUSAL_MESSAGES) as RefusalReason[];
