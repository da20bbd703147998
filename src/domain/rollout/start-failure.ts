// Since when a pod's container cannot be started, also for an operator that has not watched all that time. Pure.
import type { PodView } from "../snapshot/pod.ts";
import type { TemplateView } from "../snapshot/template.ts";
import type { Rollout } from "./rollout.ts";

/** Events are dated to the second, and cut down to it. */
const SECOND_MS = 1_000;

/**
 * When the trouble began (epoch ms): when this operator saw it, or when the kubelet first said the same of a container that has
 * never run since. Undefined for a pod without such trouble. Without Events the operator's own word counts, and a restart begins
 * the time again.
 */
export function startTroubleSince({ snapshot, revision }: Rollout, pod: PodView): number | undefined {
  if (pod.startFailure === undefined) return undefined;
  const words = wordsOf(pod, revision.template);
  const reported = snapshot.events
    .filter(({ involved, reason }) => involved.uid === pod.uid && reason === "Failed")
    .filter(({ message }) => words.some((word) => message.includes(word)))
    .flatMap(({ firstAt }) => (firstAt === undefined ? [] : [firstAt + SECOND_MS]));
  return Math.min(pod.startFailure.sinceAt, ...reported);
}

/** What the kubelet's Events say of the containers that have never run: the image, or what keeps them from being created. */
function wordsOf({ containers }: PodView, template: TemplateView): readonly string[] {
  return containers.flatMap(({ name, state, last, restarts }) => {
    if (state.is !== "waiting" || last !== undefined || restarts > 0) return [];
    const image = template.containers.find((one) => one.name === name)?.image;
    return [...(image ? [`"${image}"`] : []), ...(state.message === "" ? [] : [state.message])];
  });
}
