// What `kubectl get pods` shows of a pod: how many containers are ready, the state in a word, restarts. Follows printPod.
import type { Container, ContainerStatus, Pod, Terminated } from "../../kinds.ts";
import { ageText, type Cell } from "./printer-columns.ts";

export interface PodSummary {
  readonly ready: string;
  readonly state: string;
  readonly restarts: string;
}

interface Progress {
  /** What the init containers are at; undefined when they are done. */
  readonly state: string | undefined;
  readonly readySidecars: number;
}

/** The cells of a pod. `now` is in epoch ms. */
export function podSummary(pod: Pod, now: number): PodSummary {
  const { spec, status } = pod;
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
  const init = initProgress(pod);
  const canRun = init.state === undefined || isTrue(pod, "Initialized");
  const main = status.containerStatuses ?? [];
  const counted = canRun
    ? [...statusesOf(status.initContainerStatuses, sidecars), ...main]
    : (status.initContainerStatuses ?? []);
  const running = canRun ? main.filter(({ ready, state }) => ready && state.running !== undefined) : [];
  return {
    ready: `${init.readySidecars + running.length}/${spec.containers.length + sidecars.length}`,
    state: stateOf(pod, canRun ? (mainState(main, running.length > 0, pod) ?? init.state) : init.state),
    restarts: restartsText(counted, now),
  };
}

/** The nodes' and readiness gates' cells of `-o wide`. */
export function readinessGates(pod: Pod): Cell {
  const gates = pod.spec.readinessGates ?? [];
  if (gates.length === 0) return "<none>";
  return `${gates.filter(({ conditionType }) => isTrue(pod, conditionType)).length}/${gates.length}`;
}

function stateOf({ metadata, status }: Pod, state: string | undefined): string {
  const isOver = status.phase === "Succeeded" || status.phase === "Failed";
  if (metadata.deletionTimestamp !== undefined) {
    if (status.reason === "NodeLost") return "Unknown";
    if (!isOver) return "Terminating";
  }
  const gated = status.conditions?.some(({ reason }) => reason === "SchedulingGated");
  return state ?? status.reason ?? (gated ? "SchedulingGated" : (status.phase ?? "Unknown"));
}

function initProgress({ spec, status }: Pod): Progress {
  const containers = spec.initContainers ?? [];
  let readySidecars = 0;
  for (const [i, container] of (status.initContainerStatuses ?? []).entries()) {
    const isSidecar = containers.some(
      ({ name, restartPolicy }) => name === container.name && restartPolicy === "Always",
    );
    const { terminated, waiting } = container.state;
    if (terminated?.exitCode === 0) continue;
    if (isSidecar && container.started === true) {
      if (container.ready) readySidecars += 1;
      continue;
    }
    if (terminated !== undefined) return { state: `Init:${endOf(terminated)}`, readySidecars };
    const reason = waiting?.reason ?? "";
    const isWaiting = reason !== "" && reason !== "PodInitializing";
    return { state: isWaiting ? `Init:${reason}` : `Init:${i}/${containers.length}`, readySidecars };
  }
  return { state: undefined, readySidecars };
}

/** The first container that waits or has ended names the state. */
function mainState(statuses: readonly ContainerStatus[], isRunning: boolean, pod: Pod): string | undefined {
  for (const { state } of statuses) {
    const reason = state.waiting?.reason || (state.terminated && endOf(state.terminated));
    if (!reason) continue;
    if (reason === "Completed" && isRunning) return isTrue(pod, "Ready") ? "Running" : "NotReady";
    return reason;
  }
  return undefined;
}

function endOf({ reason, exitCode }: Terminated): string {
  return reason || `ExitCode:${exitCode}`;
}

function restartsText(statuses: readonly ContainerStatus[], now: number): string {
  const count = statuses.reduce((sum, { restartCount }) => sum + restartCount, 0);
  const ends = statuses.flatMap(({ lastState }) => lastState.terminated?.finishedAt ?? []).sort();
  const last = ends.at(-1);
  return count === 0 || last === undefined ? `${count}` : `${count} (${ageText(last, now)} ago)`;
}

function statusesOf(
  statuses: readonly ContainerStatus[] | undefined,
  containers: readonly Container[],
): readonly ContainerStatus[] {
  return (statuses ?? []).filter((status) => containers.some(({ name }) => name === status.name));
}

function isTrue({ status }: Pod, type: string): boolean {
  return status.conditions?.some((each) => each.type === type && each.status === "True") ?? false;
}
