// The failing container is not in the template: an admission webhook has put it into the pods. Pure.
import type { FailingFinding } from "../../decision.ts";
import { failingContainer } from "../../rollout/crashes.ts";
import type { PodView } from "../../snapshot/pod.ts";
import type { Objection } from "./objection.ts";

export const injectedContainer: Objection = (rollout, headline, _target, now) => {
  const own = new Set(rollout.revision.template.containers.map(({ name }) => name));
  const names = new Set((headline.pods ?? []).flatMap((pod) => failingNames(headline, pod, now)));
  if (names.size === 0 || [...names].some((name) => own.has(name))) return undefined;
  const list = [...names].sort().join(", ");
  return `Container ${list} fails, but it is not in the pod template: it is injected into the pods of every revision.`;
};

/** The containers of the pod that make the finding. */
function failingNames({ reason }: FailingFinding, pod: PodView, now: number): readonly string[] {
  switch (reason) {
    case "CrashLooping":
    case "OutOfMemory":
    case "InitContainerFailing": {
      const failing = failingContainer(pod, now);
      return failing ? [failing.container.name] : [];
    }
    case "ImagePullFailing":
    case "ContainerConfigError":
      return pod.containers.flatMap(({ name, state }) =>
        state.is === "waiting" && state.message !== "" ? [name] : [],
      );
    case "NotReady":
    case "Degraded":
      return pod.containers.flatMap(({ name, kind, isReady }) => (isReady || kind === "init" ? [] : [name]));
    case "CreateFailed":
    case "PodRejected":
    case "Unschedulable":
    case "EmptyEndpoints":
    case "ProgressDeadlineExceeded":
    case "MetricsWorse":
    case "HttpFailing":
    case "AnswersSlow":
    case "KnownBad":
      return [];
  }
}
