// What runs beside Kubernetes in many clusters; each is started against a cluster.
export {
  type AutoscalerOptions,
  type NodeGroup,
  startClusterAutoscaler,
} from "../add-ons/cluster-autoscaler.ts";
export { type GitOps, type GitOpsOptions, startGitOps } from "../add-ons/git-ops.ts";
export { type NodePool, startKarpenter } from "../add-ons/karpenter.ts";
export {
  type LoadBalancer,
  type LoadBalancerOptions,
  startLoadBalancerController,
} from "../add-ons/load-balancer-controller.ts";
export {
  createPodAutoscaler,
  type PodAutoscaler,
  type PodAutoscalerOptions,
} from "../add-ons/pod-autoscaler.ts";
export { type ReloaderOptions, startReloader } from "../add-ons/reloader.ts";
