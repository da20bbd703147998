// The operator's pods: which they are, who leads, what they say in their log and metrics, and their sudden end.

import { kill } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { cgroupLayout, processesOf } from "../../hack/local-cluster/machine/cgroups.ts";
import { OPERATOR, OPERATOR_NAMESPACE } from "./installation.ts";
import { type Kubectl, kubectlJson } from "./kubectl.ts";

export interface OperatorPod {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly status: {
    readonly containerStatuses?: readonly { readonly containerID?: string; readonly restartCount: number }[];
  };
}

export async function operatorPods(
  kubectl: Kubectl,
  namespace: string = OPERATOR_NAMESPACE,
): Promise<readonly OperatorPod[]> {
  const words = [
    "get",
    "pods",
    "--namespace",
    namespace,
    "--selector",
    "app.kubernetes.io/name=rolloutguard",
  ];
  const { items } = await kubectlJson<{ items: OperatorPod[] }>(kubectl, words);
  return items;
}

/** How long the pods of before may take to end. */
const GONE_WITHIN_MS = 120_000;

/** As `kubectl rollout restart`. Resolves when the new pods are ready and those of before are gone. */
export async function restartOperator(kubectl: Kubectl): Promise<void> {
  const before = new Set((await operatorPods(kubectl)).map(({ metadata }) => metadata.uid));
  const rollout = ["--namespace", OPERATOR_NAMESPACE, "rollout"];
  await kubectl([...rollout, "restart", `deployment/${OPERATOR}`]);
  await kubectl([...rollout, "status", `deployment/${OPERATOR}`, "--timeout=180s"]);
  const until = Date.now() + GONE_WITHIN_MS;
  while ((await operatorPods(kubectl)).some(({ metadata }) => before.has(metadata.uid))) {
    if (Date.now() > until) throw new Error("the operator was restarted, and pods of before are left");
    await sleep(1_000);
  }
}

/** The holder that the Lease names, and its pod. Rejects when nobody leads. */
export async function leader(kubectl: Kubectl): Promise<{ identity: string; pod: OperatorPod }> {
  const words = ["--namespace", OPERATOR_NAMESPACE, "get", "lease", OPERATOR];
  const { spec } = await kubectlJson<{ spec: { holderIdentity?: string } }>(kubectl, words);
  const identity = spec.holderIdentity ?? "";
  const pod = (await operatorPods(kubectl)).find(({ metadata }) => identity.startsWith(metadata.name));
  if (!pod) throw new Error(`the Lease is held by "${identity}", which is no pod of the operator`);
  return { identity, pod };
}

/** The log of each pod, that of a container which was restarted included. */
export async function operatorLogs(kubectl: Kubectl): Promise<ReadonlyMap<string, string>> {
  const logs = new Map<string, string>();
  for (const { metadata, status } of await operatorPods(kubectl)) {
    const logOf = (...more: readonly string[]) =>
      kubectl(["--namespace", OPERATOR_NAMESPACE, "logs", metadata.name, ...more]).catch(String);
    const wasRestarted = status.containerStatuses?.some(({ restartCount }) => restartCount > 0);
    const before = wasRestarted ? await logOf("--previous") : "";
    logs.set(metadata.name, before + (await logOf()));
  }
  return logs;
}

/** What the pod serves at /metrics, read through the API server. */
export function metricsOf(
  kubectl: Kubectl,
  { metadata }: OperatorPod,
  namespace: string = OPERATOR_NAMESPACE,
): Promise<string> {
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  return kubectl(["get", "--raw", `${pods}/${metadata.name}:8080/proxy/metrics`]);
}

/** Ends the pod's process by SIGKILL. Only where the node's processes are this machine's, and root asks. */
export function killProcessOf({ metadata, status }: OperatorPod): void {
  const container = status.containerStatuses?.[0]?.containerID?.replace(/^.*:\/\//, "");
  const found = container === undefined ? [] : processesOf(cgroupLayout(), "", container);
  if (found.length === 0) throw new Error(`no process of the pod ${metadata.name} is seen on this machine`);
  for (const processId of found) kill(processId, "SIGKILL");
}
