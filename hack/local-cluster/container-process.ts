// Finds the process of a container among the machine's own.
import { readFileSync } from "node:fs";
import { cgroupLayout, processesOf } from "./machine/cgroups.ts";
import { runCommand } from "./machine/run-command.ts";

/** Names a container; without `container`, the only one of the pod. */
export interface ContainerName {
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string | undefined;
}

/**
 * The number of the container's main process. Throws when none of that name runs, or several do. `ctr` is the command
 * that asks this cluster's containerd, `cgroup` the cluster's control group.
 */
export async function mainProcessOf(
  name: ContainerName,
  ctr: readonly string[],
  cgroup: string,
): Promise<number> {
  const listed = await runCommand([...ctr, "containers", "list", "--quiet", filterFor(name)]);
  const layout = cgroupLayout();
  const found = listed
    .split("\n")
    .filter((id) => id !== "")
    .map((id) => processesOf(layout, cgroup, id))
    .filter((processes) => processes.length > 0)
    .map(firstOf);
  const [process] = found;
  if (process !== undefined && found.length === 1) return process;
  const what = `${name.namespace}/${name.pod}${name.container === undefined ? "" : `, container ${name.container}`}`;
  throw new Error(`${found.length} running containers are called ${what}, instead of one.`);
}

/** Conditions on the labels that the kubelet gives to containers, in containerd's filter syntax. */
function filterFor({ namespace, pod, container }: ContainerName): string {
  const labels = {
    "io.cri-containerd.kind": "container",
    "io.kubernetes.pod.namespace": namespace,
    "io.kubernetes.pod.name": pod,
    ...(container === undefined ? {} : { "io.kubernetes.container.name": container }),
  };
  return Object.entries(labels)
    .map(([label, value]) => `labels."${label}"==${value}`)
    .join(",");
}

/** The one that is the first in its own namespace of processes; the oldest where the pod shares one. */
function firstOf(processes: readonly number[]): number {
  return processes.find((pid) => innermostNumber(pid) === 1) ?? Math.min(...processes);
}

function innermostNumber(pid: number): number | undefined {
  try {
    const numbers = /^NSpid:\s+(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Number(numbers?.split(/\s+/).at(-1));
  } catch {
    return undefined;
  }
}
