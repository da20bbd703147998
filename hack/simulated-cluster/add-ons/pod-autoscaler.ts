// A HorizontalPodAutoscaler whose metrics a test plays: it scales a Deployment and says so in an Event.
import { createEventRecorder } from "../controllers/events/event-recorder.ts";
import type { SimulatedCluster } from "../simulated-cluster.ts";

export interface PodAutoscalerOptions {
  readonly namespace: string;
  /** The Deployment, whose name it has too. */
  readonly name: string;
  readonly minReplicas: number;
  readonly maxReplicas: number;
}

export interface PodAutoscaler {
  /** Scales within its limits, for that reason. Does nothing when it is so already. */
  rescale(replicas: number, reason?: string): void;
}

const ABOVE_TARGET = "cpu resource utilization (percentage of request) above target";
const BELOW_TARGET = "All metrics below target";

export function createPodAutoscaler(cluster: SimulatedCluster, options: PodAutoscalerOptions): PodAutoscaler {
  const { parts } = cluster;
  const { objects } = parts;
  const { namespace, name, minReplicas, maxReplicas } = options;
  const recorder = createEventRecorder(parts, { component: "horizontal-pod-autoscaler" });
  const autoscaler = objects.apply({
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name, namespace },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
      minReplicas,
      maxReplicas,
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
        },
      ],
    },
  });

  return {
    rescale(wanted, reason) {
      const replicas = Math.min(maxReplicas, Math.max(minReplicas, wanted));
      const before = objects.get("deployments", namespace, name)?.spec.replicas;
      if (before === undefined || before === replicas) return;
      objects.patch("deployments", namespace, name, { spec: { replicas } });
      const why = reason ?? (replicas > before ? ABOVE_TARGET : BELOW_TARGET);
      recorder.record(autoscaler, "Normal", "SuccessfulRescale", `New size: ${replicas}; reason: ${why}`);
    },
  };
}
