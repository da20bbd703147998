// What the kubelet's words for a container that does not run mean. Pure; the words are those of
// pkg/kubelet/images/types.go and pkg/kubelet/container/sync_result.go.
import type { StartFailureKind } from "../snapshot/pod.ts";

/** The image cannot be had. ErrImagePull and ImagePullBackOff alternate. */
export const IMAGE_REASONS: ReadonlySet<string> = new Set([
  "ErrImagePull",
  "ImagePullBackOff",
  "InvalidImageName",
  "ErrImageNeverPull",
  "ImageInspectError",
  "RegistryUnavailable",
  "SignatureValidationFailed",
]);

/** The container cannot be made or started from what its spec says. */
export const CONFIG_REASONS: ReadonlySet<string> = new Set([
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
  "PreCreateHookError",
  "PreStartHookError",
  "PostStartHookError",
]);

/** A termination that says the process was never started: containerd's word, and docker's. */
const NEVER_STARTED: ReadonlySet<string> = new Set(["StartError", "ContainerCannotRun"]);

/** The kubelet's own cache of Secrets and ConfigMaps is late after a pod arrives; it catches up by itself. */
const LATE_CACHE = /failed to sync .*cache/i;

/** The trouble that a waiting reason means, or undefined for the usual steps of a start and for a crash loop. */
export function startFailureOf(reason: string, message: string): StartFailureKind | undefined {
  if (IMAGE_REASONS.has(reason)) return "image";
  if (!CONFIG_REASONS.has(reason)) return undefined;
  return reason === "CreateContainerConfigError" && LATE_CACHE.test(message) ? undefined : "config";
}

/** Whether a container that terminated with this reason never ran: its command is missing or may not be executed. */
export function isNeverStarted(reason: string): boolean {
  return NEVER_STARTED.has(reason);
}
