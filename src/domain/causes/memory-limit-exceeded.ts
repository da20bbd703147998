// A container that needs more memory than its limit. Pure.
import type { ContainerTemplateView } from "../snapshot/template.ts";
import { type Classifier, quoted } from "./cause.ts";
import { crashOf, templatesOf } from "./crashed-container.ts";
import { patchOfContainer } from "./kubectl-patch.ts";

const MEMORY = /^limits\.memory=(.+)$/;
const QUANTITY = /^(\d+)(Ki|Mi|Gi|k|M|G)$/;

export const memoryLimitExceeded: Classifier = {
  recognises: ["MemoryLimitExceeded"],
  explains: ["OutOfMemory"],
  classify: (of) => {
    const crash = crashOf(of);
    const name = crash?.container.name ?? "?";
    const { container, before } = templatesOf(of, name);
    const [limit, former] = [limitOf(container), limitOf(before)];
    const isLower = former !== undefined && limit !== undefined && former !== limit;
    const better = isLower ? former : doubled(limit);
    return {
      class: "MemoryLimitExceeded",
      certainty: "Certain",
      message:
        limit === undefined
          ? `Container ${name} runs out of memory (OOMKilled) and has no limit of its own: its node or pod has no memory left.`
          : `Container ${name} needs more memory than its limit of ${limit} allows${isLower ? `; the rollout changed the limit from ${former}` : ""}.`,
      evidence: quoted(of, /OOMKilled|memory/i),
      remedy: better
        ? `Set limits.memory of container ${name} to ${better}${isLower ? ", as before" : ""}, or reduce its memory use.`
        : `Set a memory request and limit that fit container ${name}, or reduce its memory use.`,
      patch:
        better && container
          ? patchOfContainer(of.rollout, container, { resources: { limits: { memory: better } } })
          : undefined,
    };
  },
};

function limitOf(container: ContainerTemplateView | undefined): string | undefined {
  return container?.resources.flatMap((line) => MEMORY.exec(line)?.[1] ?? [])[0];
}

function doubled(limit: string | undefined): string | undefined {
  const match = QUANTITY.exec(limit ?? "");
  return match ? `${Number(match[1]) * 2}${match[2]}` : undefined;
}
