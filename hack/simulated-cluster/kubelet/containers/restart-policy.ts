// Whether a container that ended is started again. Pure.
import type { Container } from "../../api-server/kinds.ts";

export type RestartPolicy = "Always" | "OnFailure" | "Never";

/** Where a container stands in its pod. */
export interface ContainerRole {
  readonly container: Container;
  readonly isInit: boolean;
  /** Of the pod. */
  readonly restartPolicy: RestartPolicy;
}

/** Whether it is an init container that runs on beside the others. */
export function isSidecar({ container, isInit }: ContainerRole): boolean {
  return isInit && container.restartPolicy === "Always";
}

export function isRestartedAfter(exitCode: number, role: ContainerRole): boolean {
  if (isSidecar(role)) return true;
  const { isInit, restartPolicy } = role;
  if (restartPolicy === "Never") return false;
  const isRetried = isInit || restartPolicy === "OnFailure";
  return isRetried ? exitCode !== 0 : true;
}
