// The good revision uses the very image that cannot be pulled. Pure.
import { nameRevision } from "../../history/revisions.ts";
import type { Objection } from "./objection.ts";

export const sameImage: Objection = (rollout, headline, target) => {
  if (headline.reason !== "ImagePullFailing") return undefined;
  const waiting = new Set(
    rollout.pods.flatMap((pod) =>
      pod.startFailure?.kind === "image"
        ? pod.containers.flatMap(({ name, state }) => (state.is === "waiting" ? [name] : []))
        : [],
    ),
  );
  const failing = rollout.revision.template.containers
    .filter(({ name }) => waiting.has(name))
    .map(({ image }) => image);
  const inTarget = new Set(target.template.containers.map(({ image }) => image));
  // Containers that only wait for a failing one use good images; one new image is reason enough to go back.
  if (failing.length === 0 || !failing.every((image) => inTarget.has(image))) return undefined;
  return `${nameRevision(target)} uses the same image, ${failing.join(", ")}, which cannot be pulled.`;
};
