// Whether the kubelet takes a pod that was bound to its node.
import type { Pod, PodStatus } from "../../../api-server/kinds.ts";
import type { NodeFaults } from "../../faults/node-faults.ts";
import { REFUSAL_MESSAGES, type Refusal } from "../../faults/refusal.ts";
import { isKubeletCondition } from "../kubelet-conditions.ts";

/** The sysctls that every kubelet allows. */
const SAFE_SYSCTLS = new Set([
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_wmem",
]);

/** Why the kubelet of the pod's node refuses it, for what its spec asks or by a fault; undefined when it takes it. */
export function refusalOf(pod: Pod, faults: NodeFaults): Refusal | undefined {
  const forbidden = pod.spec.securityContext?.sysctls?.find(({ name }) => !SAFE_SYSCTLS.has(name));
  if (forbidden !== undefined) {
    return {
      reason: "SysctlForbidden",
      message: `forbidden sysctl: ${JSON.stringify(forbidden.name)} not allowlisted`,
    };
  }
  const refusal = faults.hit("refuse", { pod });
  return typeof refusal === "string" ? { reason: refusal, message: REFUSAL_MESSAGES[refusal] } : refusal;
}

/** The status of a pod that the kubelet refused: nothing is left of what it says of others, such as PodScheduled. */
export function refusedStatus({ status }: Pod, { reason, message }: Refusal, startTime: string): PodStatus {
  const { conditions, observedGeneration, qosClass } = status;
  const foreign = (conditions ?? []).filter(({ type }) => !isKubeletCondition(type));
  return {
    observedGeneration,
    phase: "Failed",
    ...(foreign.length > 0 && { conditions: foreign }),
    message: `Pod was rejected: ${message}`,
    reason,
    startTime,
    qosClass,
  };
}
