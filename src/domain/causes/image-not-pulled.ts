// Images that cannot be pulled: there is none, no access, a wrong name, no registry. Told apart by the words of the
// runtime and of registries. Pure.
import type { CauseClass } from "../../api/causes.ts";
import type { ContainerTemplateView } from "../snapshot/template.ts";
import { type Case, type Classifier, quoted, textOfFinding } from "./cause.ts";
import { podsOf } from "./failing-probe.ts";

interface Words {
  readonly class: CauseClass;
  readonly pattern: RegExp;
  readonly says: (image: string) => string;
  readonly remedy: (image: string) => string;
}

/** The first that matches. Registries answer "denied" for what does not exist too, so the clear words come first. */
const WORDS: readonly Words[] = [
  {
    class: "ImageNameInvalid",
    pattern: /InvalidImageName|invalid reference format|couldn't parse image/i,
    says: (image) => `${image} is not a valid image name`,
    remedy: (image) =>
      `Correct the image name ${image}: registry/repository:tag, in lower case and without spaces.`,
  },
  {
    class: "ImageNotOnNode",
    pattern: /ErrImageNeverPull|is not present with pull policy of Never/i,
    says: (image) => `Image ${image} is not on the node, and imagePullPolicy is Never`,
    remedy: (image) => `Load image ${image} onto the nodes, or set imagePullPolicy: IfNotPresent.`,
  },
  {
    class: "ImageAccessDenied",
    pattern:
      /unauthorized|authentication required|authorization failed|no basic auth|401|403 Forbidden|denied(?!.{0,60}does not exist)/i,
    says: (image) => `The registry denies access to image ${image}`,
    remedy: (image) => `Add an imagePullSecret that can read ${image}, and check that it has not expired.`,
  },
  {
    class: "ImageNotFound",
    pattern: /manifest unknown|not found|does not exist|404|name unknown|no match for platform/i,
    says: (image) => `The registry has no image ${image}`,
    remedy: (image) => `Push ${image}, or correct its name or tag.`,
  },
  {
    class: "RegistryUnreachable",
    pattern:
      /dial tcp|no such host|i\/o timeout|connection refused|TLS handshake|x509|EOF|deadline exceeded|(?<![\w.:/-])(?:429|50\d)(?![\w.-])|server misbehaving|too ?many ?requests|failed to do request|network is unreachable|RegistryUnavailable/i,
    says: (image) =>
      `The registry of image ${image} cannot be reached${hasRegistry(image) ? "" : "; the name has no registry, so docker.io is used"}`,
    remedy: (image) =>
      hasRegistry(image)
        ? `Check whether the nodes can reach the registry of ${image}, or correct the name.`
        : `Add the registry to the image name (registry.example/${image}), or give the nodes access to docker.io.`,
  },
];

export const imageNotPulled: Classifier = {
  recognises: [...WORDS.map((words) => words.class), "Unknown"],
  explains: ["ImagePullFailing"],
  classify: (of) => {
    const reported = textOfFinding(of);
    const words = WORDS.find(({ pattern }) => pattern.test(withoutNames(reported, of)));
    const container = failingContainer(of, reported);
    const name = container?.image ?? "?";
    const before = of.rollout.baseline?.template.containers.find((each) => each.name === container?.name);
    const changed = before && before.image !== name ? `; it was ${before.image} before` : "";
    return {
      class: words?.class ?? "Unknown",
      certainty: words ? "Certain" : "Unknown",
      message: `${words?.says(name) ?? `Image ${name} cannot be pulled, and no message says why`}${container ? ` (container ${container.name})` : ""}${changed}.`,
      evidence: quoted(of, /image|pull/i),
      remedy: words?.remedy(name) ?? `Run kubectl describe pod to see why ${name} cannot be pulled.`,
    };
  },
};

/** An image may be called "not-found:404". */
function withoutNames(reported: string, { rollout }: Case): string {
  const names = rollout.revision.template.containers.map((container) => container.image);
  return names.reduce((text, name) => {
    const [repository = name] = name.split(/[:@](?=[^/]*$)/);
    return text.replaceAll(name, "").replaceAll(repository, "");
  }, reported);
}

function failingContainer(of: Case, reported: string): ContainerTemplateView | undefined {
  const { containers } = of.rollout.revision.template;
  const waiting = podsOf(of).flatMap((pod) =>
    pod.containers.filter(
      ({ state }) => state.is === "waiting" && /Image|Registry|Signature/.test(state.reason),
    ),
  );
  const named = containers.filter(({ name }) => waiting.some((each) => each.name === name));
  return named[0] ?? containers.find((each) => reported.includes(each.image));
}

/** The first part of a name is a registry when it looks like a host (distribution/reference). */
function hasRegistry(name: string): boolean {
  const [first = "", ...rest] = name.split("/");
  return rest.length > 0 && /[.:]|^localhost$/.test(first);
}
