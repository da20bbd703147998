// A change as a command that a person can paste: kubectl patch, quoted for a POSIX shell. Pure.
import { plainText } from "../plain-text.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { kubectlResource } from "../workload/kubectl-name.ts";

/** Longer ones nobody reads before running them. */
const LONGEST_BYTES = 800;
const NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

export interface PatchTarget {
  /** The resource in kubectl's words, such as "service". */
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** The command; undefined when it would be too long, or would not be what it looks like. */
export function kubectlPatch(
  { kind, name, namespace }: PatchTarget,
  type: "strategic" | "merge" | "json",
  patch: object,
): string | undefined {
  if (!NAME.test(name) || !NAME.test(namespace)) return undefined;
  const body = JSON.stringify(patch).replaceAll("'", String.raw`'\''`);
  const command = `kubectl patch ${kind} ${name} -n ${namespace} --type=${type} -p '${body}'`;
  const isShown = plainText(command) === command && Buffer.byteLength(command) <= LONGEST_BYTES;
  return isShown ? command : undefined;
}

/** A strategic merge into the guarded workload's pod template. */
export function patchOfTemplate(rollout: Rollout, template: object): string | undefined {
  return kubectlPatch(workloadOf(rollout), "strategic", { spec: { template } });
}

/** The same for one container; init containers have a list of their own. */
export function patchOfContainer(
  rollout: Rollout,
  container: { readonly name: string; readonly kind: "app" | "init" | "sidecar" },
  changes: object,
): string | undefined {
  const list = container.kind === "app" ? "containers" : "initContainers";
  return patchOfTemplate(rollout, { spec: { [list]: [{ name: container.name, ...changes }] } });
}

/** The guarded workload. */
export function workloadOf({ workload, snapshot }: Rollout): PatchTarget {
  return { kind: kubectlResource(workload.kind), name: workload.name, namespace: snapshot.guard.namespace };
}
