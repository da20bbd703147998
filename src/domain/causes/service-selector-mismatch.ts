// Services that select on labels that the pods do not have. Pure.
import { selects, unmatchedLabels } from "../rollout/services.ts";
import { type Classifier, quoted } from "./cause.ts";
import { emptyServices } from "./empty-services.ts";
import { patchOfTemplate } from "./kubectl-patch.ts";

export const serviceSelectorMismatch: Classifier = {
  recognises: ["ServiceSelectorMismatch"],
  explains: ["EmptyEndpoints"],
  classify: (of) => {
    const { rollout } = of;
    const { labels } = rollout.revision.template;
    const service = emptyServices(of).find((each) => !selects(each, labels));
    if (!service) return undefined;
    const missing = unmatchedLabels(service, labels);
    const { baseline } = rollout;
    const isPodsSide = baseline !== undefined && selects(service, baseline.template.labels);
    const differing = missing.flatMap((pair) => {
      const [label = ""] = pair.split("=");
      return Object.hasOwn(labels, label) ? [`${label}=${labels[label]}`] : [];
    });
    const has = differing.length > 0 ? `, they have ${differing.join(", ")}` : "";
    return {
      class: "ServiceSelectorMismatch",
      certainty: "Certain",
      message: isPodsSide
        ? `The new pods lost ${missing.join(", ")}${has}, which Service ${service.name} selects on: ${service.readyEndpoints === 0 ? "it no longer selects any pod" : "it selects none of them"}.`
        : `Service ${service.name} selects on ${missing.join(", ")}, which the pods do not have${has}: it selects no pod.`,
      evidence: quoted(of, /selector|labels/i),
      remedy: isPodsSide
        ? `Add ${missing.join(", ")} to the labels of the pod template again.`
        : `Add the labels ${missing.join(", ")} to the pod template, or remove them from the selector of Service ${service.name}.`,
      patch: patchOfTemplate(rollout, { metadata: { labels: pairs(missing) } }),
    };
  },
};

function pairs(texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    texts.map((text) => [text.slice(0, text.indexOf("=")), text.slice(text.indexOf("=") + 1)]),
  );
}
