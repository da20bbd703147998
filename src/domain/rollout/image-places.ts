// Where images come from, and whether a release pulls from there as the good revision did. Pure.
import type { PodView } from "../snapshot/pod.ts";
import type { TemplateView } from "../snapshot/template.ts";
import type { Rollout } from "./rollout.ts";
import { IMAGE_REASONS } from "./waiting-reasons.ts";

/** An image's name without its tag and digest: "registry.example/team/web". */
function repositoryOf(image: string): string {
  return image.replace(/@.*$/, "").replace(/:[^/:]*$/, "");
}

/**
 * Whether the images that the pod cannot pull are of repositories that the good revision pulls from too, with the same
 * credentials. Then it is not for this release that the registry is away or denies access; that it lacks the tag can be.
 */
export function pullsAsBefore({ baseline, revision }: Rollout, pod: PodView): boolean {
  if (baseline === undefined) return false;
  const failing = new Map(pod.containers.map(({ name, state }) => [name, state]));
  const images = revision.template.containers.filter(({ name }) => {
    const state = failing.get(name);
    return state?.is === "waiting" && IMAGE_REASONS.has(state.reason);
  });
  const known = new Set(baseline.template.containers.map(({ image }) => repositoryOf(image)));
  return (
    images.length > 0 &&
    images.every(({ image }) => known.has(repositoryOf(image))) &&
    credentialsOf(revision.template) === credentialsOf(baseline.template)
  );
}

/** What decides which credentials the kubelet pulls with. */
function credentialsOf({ otherFields, references }: TemplateView): string {
  const account = references.filter((name) => name.startsWith("ServiceAccount/"));
  return JSON.stringify([otherFields.imagePullSecrets, account]);
}
