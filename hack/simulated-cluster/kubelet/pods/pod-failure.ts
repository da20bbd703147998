// Why a kubelet gives a whole pod up, in its words: want of memory, or a deadline.
import type { Condition, Pod } from "../../api-server/kinds.ts";

export interface PodFailure {
  readonly reason: string;
  readonly message: string;
  readonly event: { readonly type: "Normal" | "Warning"; readonly reason: string; readonly message: string };
  /** What the pod says of itself once its containers have ended. */
  readonly condition?: Pick<Condition, "type" | "status" | "reason" | "message"> | undefined;
}

/** `resource` is what the node is short of ("memory"). */
export function evictionOf({ spec }: Pod, resource: string): PodFailure {
  const used = spec.containers.map(({ name, resources }) => {
    const request = resources?.requests?.[resource] ?? "0";
    return `Container ${name} was using 1Gi, request is ${request}, has larger consumption of ${resource}. `;
  });
  const message = `The node was low on resource: ${resource}. Threshold quantity: 100Mi, available: 51Mi. ${used.join("")}`;
  return {
    reason: "Evicted",
    message,
    event: { type: "Warning", reason: "Evicted", message },
    condition: { type: "DisruptionTarget", status: "True", reason: "TerminationByKubelet", message },
  };
}

export function pastDeadline(): PodFailure {
  const reason = "DeadlineExceeded";
  const message = "Pod was active on the node longer than the specified deadline";
  return { reason, message, event: { type: "Normal", reason, message } };
}
