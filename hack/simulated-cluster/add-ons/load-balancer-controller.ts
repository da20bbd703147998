// A load balancer controller: has readiness gates injected into pods, registers their addresses as targets, and sets
// the gates to what the load balancer's health checks say.
import type { Condition, Pod } from "../api-server/kinds.ts";
import type { Texts } from "../api-server/kube-object.ts";
import { containsLabels } from "../api-server/label-selector.ts";
import { podCondition } from "../controllers/pod-readiness.ts";
import type { SimulatedCluster } from "../simulated-cluster.ts";

/** What the load balancer says of a target. */
export type TargetHealth = Pick<Condition, "status" | "reason" | "message">;

export interface LoadBalancerOptions {
  readonly namespace: string;
  /** Labels of the pods that are targets. */
  readonly selector: Texts;
  /** The condition type of the gate, as "target-health.elbv2.k8s.aws/k8s-shop-web-0a1b2c3d4e". */
  readonly gate: string;
  /** The webhook that injects the gate. Default: that of the AWS Load Balancer Controller. */
  readonly webhook?: string;
  /** How long after its containers are ready a target has passed its health checks (ms). Default 5 s. */
  readonly healthyAfterMs?: number;
  /** What a target is until then. Default: that initial health checks are in progress. */
  readonly initial?: TargetHealth;
  /** Default: True without a reason, as the AWS Load Balancer Controller says it. */
  readonly healthy?: TargetHealth;
}

export interface LoadBalancer {
  /** Calls the targets unhealthy for which the condition is true, from now on; undefined ends that. */
  judge(health: ((pod: Pod) => TargetHealth | undefined) | undefined): void;
  /** Stops looking at pods, as a controller that is away, or resumes. */
  setAway(isAway: boolean): void;
}

const INITIAL: TargetHealth = {
  status: "False",
  reason: "Elb.InitialHealthChecking",
  message: "Initial health checks in progress",
};
const POLL_MS = 1_000;
/** Between the first look at a target and its registration. */
const REGISTERS_AFTER_MS = 1_000;

/** Runs until the cluster's time stops. */
export function startLoadBalancerController(
  cluster: SimulatedCluster,
  options: LoadBalancerOptions,
): LoadBalancer {
  const { objects, time } = cluster.parts;
  const { namespace, selector, gate, webhook = "mpod.elbv2.k8s.aws", healthyAfterMs = 5_000 } = options;
  const { initial = INITIAL, healthy = { status: "True" } } = options;
  const readyAt = new Map<string, number>();
  let verdict: ((pod: Pod) => TargetHealth | undefined) | undefined;
  let isAway = false;

  cluster.webhooks.add({
    name: webhook,
    on: { namespace, labels: selector },
    does: { inject: { readinessGates: [gate] } },
  });
  time.after(POLL_MS, poll);

  function poll(): void {
    time.after(POLL_MS, poll);
    if (isAway) return;
    for (const pod of objects.list("pods", namespace)) {
      const isTarget = pod.spec.readinessGates?.some(({ conditionType }) => conditionType === gate) === true;
      if (isTarget && containsLabels(selector, pod.metadata.labels)) look(pod);
    }
  }

  function look(pod: Pod): void {
    const { uid, deletionTimestamp } = pod.metadata;
    if (deletionTimestamp !== undefined || podCondition(pod, "ContainersReady")?.status !== "True") return;
    const since = readyAt.get(uid) ?? time.now();
    readyAt.set(uid, since);
    const age = time.now() - since;
    if (age < REGISTERS_AFTER_MS) return;
    set(pod, verdict?.(pod) ?? (age < healthyAfterMs ? initial : healthy));
  }

  function set(pod: Pod, { status, reason, message }: TargetHealth): void {
    const current = podCondition(pod, gate);
    if (current?.status === status && current.reason === reason && current.message === message) return;
    const condition: Condition = {
      type: gate,
      status,
      lastProbeTime: null,
      lastTransitionTime: current?.status === status ? current.lastTransitionTime : time.timestamp(),
      ...(reason && { reason }),
      ...(message && { message }),
    };
    const others = (pod.status.conditions ?? []).filter(({ type }) => type !== gate);
    objects.updateStatus("pods", { ...pod, status: { ...pod.status, conditions: [...others, condition] } });
  }

  return {
    judge: (health) => {
      verdict = health;
    },
    setAway: (away) => {
      isAway = away;
    },
  };
}
