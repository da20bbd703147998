// Single controllers and what they write, for a cluster started with `hasControllers: false` that runs only some of them,
// among objects that were put there as they would be long after their rollout.
export {
  deploymentWithDefaults,
  podWithDefaults,
  qosClassOf,
  serviceWithDefaults,
} from "../api-server/resources/workload-defaults.ts";
export { startDeploymentController } from "../controllers/deployment/deployment-controller.ts";
export { rollingLimits, sizeAnnotations } from "../controllers/deployment/replica-counts.ts";
export { REVISION } from "../controllers/deployment/revisions.ts";
export { templateHash } from "../controllers/deployment/template-hash.ts";
export { startEndpointSliceController } from "../controllers/endpoints/endpoint-slice-controller.ts";
export { createServicePods } from "../controllers/endpoints/service-pods.ts";
export { createEventRecorder } from "../controllers/events/event-recorder.ts";
export { startReplicaSetController } from "../controllers/replica-set/replica-set-controller.ts";
