// The status of a pod from its containers: phase and conditions in the words and the order of a real kubelet. Pure.
import type { Condition, ContainerStatus, Pod, PodStatus } from "../../api-server/kinds.ts";
import type { ContainerWorker } from "../containers/container-worker.ts";
import { isInitialized } from "../containers/init-order.ts";
import { isKubeletCondition, KUBELET_CONDITIONS } from "./kubelet-conditions.ts";
import type { PodFailure } from "./pod-failure.ts";

export interface PodFacts {
  readonly workers: readonly ContainerWorker[];
  readonly initWorkers: readonly ContainerWorker[];
  readonly hasSandbox: boolean;
  /** Whether the pod was told to end and all its containers have. */
  readonly isOver: boolean;
  readonly podIP: string | undefined;
  readonly hostIP: string;
  readonly startTime: string;
  readonly observedGeneration: number | undefined;
  readonly now: string;
  /** Set for a pod that the kubelet gave up; shows when its containers have ended. */
  readonly failure?: PodFailure | undefined;
}

type Verdict = Pick<Condition, "status" | "reason" | "message">;

const TRUE: Verdict = { status: "True" };

export function computePodStatus(pod: Pod, facts: PodFacts): PodStatus {
  const { podIP, hostIP, startTime, observedGeneration } = facts;
  const failure = facts.isOver ? facts.failure : undefined;
  const phase = failure ? "Failed" : phaseOf(facts);
  const containers = containersReady(facts, phase);
  const verdicts: Readonly<Record<string, Verdict>> = {
    PodReadyToStartContainers: { status: facts.hasSandbox && !facts.isOver ? "True" : "False" },
    Initialized: initialized(facts),
    Ready: containers.status === "True" ? gatesReady(pod) : containers,
    ContainersReady: containers,
    PodScheduled: TRUE,
  };
  const before = pod.status.conditions ?? [];
  const condition = (type: string, { status, reason, message }: Verdict): Condition => {
    const current = before.find((each) => each.type === type);
    return {
      type,
      observedGeneration,
      status,
      lastProbeTime: null,
      lastTransitionTime: current?.status === status ? current.lastTransitionTime : facts.now,
      ...(reason && { reason }),
      ...(message && { message }),
    };
  };
  const own = KUBELET_CONDITIONS.map((type) => condition(type, verdicts[type] ?? TRUE));
  const disruption = failure?.condition && condition(failure.condition.type, failure.condition);
  const foreign = before.filter(({ type }) => !isKubeletCondition(type) && type !== disruption?.type);
  const { initWorkers, workers } = facts;
  return {
    observedGeneration,
    phase,
    conditions: [...foreign, ...own, ...(disruption ? [disruption] : [])],
    ...(failure && { reason: failure.reason, message: failure.message }),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(podIP && { podIP, podIPs: [{ ip: podIP }] }),
    startTime,
    ...(initWorkers.length > 0 && { initContainerStatuses: initWorkers.map((worker) => worker.status()) }),
    containerStatuses: workers.map((worker): ContainerStatus => worker.status()),
    qosClass: pod.status.qosClass,
    resources: {},
  };
}

function phaseOf({ workers, initWorkers, isOver }: PodFacts): PodStatus["phase"] {
  const isHelped = initWorkers.some((worker) => worker.isSidecar && worker.isRunning);
  const isFinished = isOver || (workers.every((worker) => worker.isOver) && !isHelped);
  if (isFinished) return workers.every(({ exitCode }) => exitCode === 0) ? "Succeeded" : "Failed";
  const hasFailedInit = initWorkers.some((worker) => worker.isOver && !worker.isCompleted);
  if (hasFailedInit) return "Failed";
  return workers.every((worker) => worker.hasEverStarted) ? "Running" : "Pending";
}

function initialized({ initWorkers }: PodFacts): Verdict {
  const incomplete = initWorkers
    .filter((worker) => !isInitialized(worker))
    .map(({ container }) => container.name);
  if (incomplete.length === 0) return TRUE;
  const message = `containers with incomplete status: [${incomplete.join(" ")}]`;
  return { status: "False", reason: "ContainersNotInitialized", message };
}

function containersReady({ workers, initWorkers, isOver }: PodFacts, phase: PodStatus["phase"]): Verdict {
  const all = [...initWorkers.filter((worker) => worker.isSidecar), ...workers];
  const hasNeverRun = workers.every((worker) => !worker.hasEverStarted);
  if (phase === "Succeeded") return { status: "False", reason: "PodCompleted" };
  if (phase === "Failed" && !(isOver && hasNeverRun)) return { status: "False", reason: "PodFailed" };
  const unready = all.filter((worker) => !worker.isReady).map(({ container }) => container.name);
  if (unready.length === 0) return TRUE;
  const message = `containers with unready status: [${unready.join(" ")}]`;
  return { status: "False", reason: "ContainersNotReady", message };
}

function gatesReady(pod: Pod): Verdict {
  const missing = (pod.spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const condition = pod.status.conditions?.find(({ type }) => type === conditionType);
    if (condition === undefined) {
      return [`corresponding condition of pod readiness gate "${conditionType}" does not exist.`];
    }
    if (condition.status === "True") return [];
    return [`the status of pod readiness gate "${conditionType}" is not "True", but ${condition.status}`];
  });
  if (missing.length === 0) return TRUE;
  return { status: "False", reason: "ReadinessGatesNotReady", message: missing.join(", ") };
}
