// The likely cause of a failure in one sentence, from the finding and what the rollout changed. Pure.
// Unknown stays unknown: where nothing is sure, nothing is said.
import type { FindingReason } from "../../api/reasons.ts";
import type { RevisionView } from "../snapshot.ts";

/** The cause behind a reason, as far as the evidence and the template difference tell; undefined when they do not. */
export function rootCause(
  reason: FindingReason,
  evidence: readonly string[],
  failed: RevisionView | undefined,
  restored: RevisionView | undefined,
): string | undefined {
  const told = evidence.join("\n");
  switch (reason) {
    case "NotReady":
    case "Degraded":
      return probeCause(told);
    case "CrashLooping":
    case "InitContainerFailing":
      return crashCause(told, failed, restored);
    case "EmptyEndpoints":
      return labelCause(failed, restored);
    case "ContainerConfigError":
      return /(?:secret|configmap) "[^"]+" not found|couldn't find key[^\n]*/i.exec(told)?.[0];
    case "OutOfMemory":
      return "The new version needs more memory than its limit allows.";
    case "ImagePullFailing":
    case "CreateFailed":
    case "Unschedulable":
    case "ProgressDeadlineExceeded":
      return undefined;
  }
}

function probeCause(told: string): string | undefined {
  const change = /this rollout changed the probe of container (\S+): (.+)$/m.exec(told);
  if (change)
    return `The rollout changed the probe of container ${change[1]} (${change[2]}), and nothing answers there as it should.`;
  const status = /statuscode: (\d+)/i.exec(told)?.[1];
  if (status) return `The application answers its health check with HTTP ${status}.`;
  if (/deadline exceeded|timed out|timeout/i.test(told))
    return "The application does not answer its health check in time.";
  if (/connection refused/i.test(told)) return "Nothing listens on the port that the probe asks.";
  return undefined;
}

function crashCause(told: string, failed?: RevisionView, restored?: RevisionView): string | undefined {
  const words = /it wrote: (.+)$/m.exec(told)?.[1];
  if (words) return `The container's last words: ${words}`;
  if (/liveness probe failed|failed liveness probe/i.test(told))
    return "Its liveness probe fails, and the kubelet kills it.";
  const gone = failed && restored ? missingEnv(restored, failed) : [];
  if (gone.length > 0) return `The new revision no longer sets ${gone.join(", ")}.`;
  const code = /exit code (\d+)/.exec(told)?.[1];
  if (code === "126" || code === "127") return "The command is not in the image, or not executable.";
  return undefined;
}

function missingEnv(before: RevisionView, after: RevisionView): readonly string[] {
  return before.template.containers.flatMap(({ name, envNames }) => {
    const present = after.template.containers.find((container) => container.name === name)?.envNames ?? [];
    return envNames.filter((env) => !present.includes(env));
  });
}

function labelCause(failed?: RevisionView, restored?: RevisionView): string | undefined {
  if (!failed || !restored) return undefined;
  const lost = Object.entries(restored.template.labels).filter(
    ([label, value]) => failed.template.labels[label] !== value,
  );
  if (lost.length === 0) return undefined;
  return `The new pods lost ${lost.map(([label, value]) => `${label}=${value}`).join(", ")}, which the Service selects on.`;
}
