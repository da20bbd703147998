// Pods that ask for more of a resource than any node has left. Pure.
import { type Classifier, quoted } from "./cause.ts";
import { patchOfContainer } from "./kubectl-patch.ts";
import { SCHEDULING_REASONS, schedulerWords } from "./scheduler-words.ts";

export const insufficientResources: Classifier = {
  recognises: ["InsufficientResources"],
  explains: SCHEDULING_REASONS,
  classify: (of) => {
    const said = schedulerWords(of) ?? "";
    const resources = [
      ...new Set([...said.matchAll(/Insufficient ([a-z0-9./-]*[a-z0-9])/gi)].map((match) => match[1] ?? "")),
    ];
    const [resource] = resources;
    if (resource === undefined) return undefined;
    const { revision, baseline } = of.rollout;
    const requests = revision.template.containers.flatMap((container) => {
      const amount = amountOf(container.resources, resource);
      const before = baseline?.template.containers.find(({ name }) => name === container.name);
      const former = before && amountOf(before.resources, resource);
      return amount === undefined ? [] : [{ container, amount, former }];
    });
    const changed = requests.find(({ amount, former }) => former !== undefined && former !== amount);
    const lines = requests.map(({ container, amount, former }) =>
      former !== undefined && former !== amount
        ? `container ${container.name} requests ${amount} (${former} before)`
        : `container ${container.name} requests ${amount}`,
    );
    return {
      class: "InsufficientResources",
      certainty: "Certain",
      message: `No node has enough ${resources.join(" and ")} left${lines.length > 0 ? `: ${lines.slice(0, 3).join("; ")}` : ""}.`,
      evidence: quoted(of, /Insufficient/),
      remedy: `Request less ${resources.join(" and ")}${changed ? ` (container ${changed.container.name}: ${changed.former} as before)` : ""}, or add nodes.`,
      patch: changed
        ? patchOfContainer(of.rollout, changed.container, {
            resources: { requests: { [resource]: changed.former } },
          })
        : undefined,
    };
  },
};

/** The request; where only a limit is given that is the request. */
function amountOf(resources: readonly string[], name: string): string | undefined {
  const find = (prefix: string) => resources.find((line) => line.startsWith(prefix))?.slice(prefix.length);
  return find(`requests.${name}=`) ?? find(`limits.${name}=`);
}
