// A simulated cluster: starting one, what can be done to it, and waiting for it.
export type { Injection, Webhook, WebhookMatcher } from "../admission/webhook.ts";
export type { WebhookHandle } from "../admission/webhooks.ts";
export { type ApiRequest, parseTarget, type RequestTarget, type Verb } from "../api-request.ts";
export type { FieldError } from "../api-server/api-error.ts";
export type { RequestRecord } from "../api-server/http/request-log.ts";
export type { Backup, Change } from "../api-server/object-store.ts";
export type { ClusterObjects } from "../api-server/objects.ts";
export type { FurtherRules } from "../api-server/writing/object-validation.ts";
export type { NewNode } from "../cluster-nodes.ts";
export type { ClusterParts } from "../cluster-parts.ts";
export type { ControllerName } from "../controller-pauses.ts";
export type { Fault, FaultEffect, RequestMatcher } from "../faults/fault.ts";
export type { FaultHandle, HandlerEffect, RequestHandler } from "../faults/faults.ts";
export type { NodeFault } from "../kubelet/faults/node-fault.ts";
export type { NodeFaultHandle } from "../kubelet/faults/node-faults.ts";
export type { SimulatedImage } from "../kubelet/images/images.ts";
export type { ConnectionRefusal } from "../kubelet/network/pod-network.ts";
export { MEASURED as MEASURED_POD_TIMES } from "../kubelet/timing/measured-times.ts";
export type { MachineClock } from "../machine-clock.ts";
export {
  type SimulatedCluster,
  type SimulatedClusterOptions,
  startSimulatedCluster,
} from "../simulated-cluster.ts";
export type { SimulatedTime } from "../simulated-time.ts";
export { passTime, waitUntil } from "../wait-until.ts";
