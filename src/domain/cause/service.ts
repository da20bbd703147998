// Services that have no endpoint although the pods are ready: labels that do not match, or a port that is not there. Pure.
import { selects, unmatchedLabels } from "../rollout/services.ts";
import type { ServiceView } from "../snapshot/service.ts";
import { type Case, type Cause, type Classifier, quoted } from "./cause.ts";
import { kubectlPatch, patchOfContainer, patchOfTemplate } from "./kubectl-patch.ts";

export const serviceSelector: Classifier = {
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
        ? `The new pods lost ${missing.join(", ")}${has}, which Service ${service.name} selects on: no pod belongs to it any more.`
        : `Service ${service.name} selects on ${missing.join(", ")}, which the pods do not have${has}: no pod belongs to it.`,
      evidence: quoted(of, /selector|labels/i),
      remedy: isPodsSide
        ? `Put ${missing.join(", ")} back into the labels of the pod template.`
        : `Give the pod template the labels ${missing.join(", ")}, or take them out of the selector of Service ${service.name}.`,
      patch: patchOfTemplate(rollout, { metadata: { labels: pairs(missing) } }),
    };
  },
};

function pairs(texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    texts.map((text) => [text.slice(0, text.indexOf("=")), text.slice(text.indexOf("=") + 1)]),
  );
}

function emptyServices({ rollout }: Case): readonly ServiceView[] {
  return rollout.services.filter(({ readyEndpoints }) => readyEndpoints === 0);
}

export const servicePort: Classifier = {
  explains: ["EmptyEndpoints"],
  classify: (of) => {
    const { labels, containers } = of.rollout.revision.template;
    const declared = containers.flatMap(({ ports }) => ports);
    for (const service of emptyServices(of).filter((each) => selects(each, labels))) {
      const named = service.ports.find(
        ({ targetPort }) =>
          typeof targetPort === "string" && !declared.some(({ name }) => name === targetPort),
      );
      if (named) return unnamed(of, service, named.port, String(named.targetPort));
    }
    return undefined;
  },
};

function unnamed(of: Case, service: ServiceView, port: number, name: string): Cause {
  const { revision, baseline, snapshot } = of.rollout;
  const before = baseline?.template.containers.find(({ ports }) => ports.some((each) => each.name === name));
  const number = before?.ports.find((each) => each.name === name)?.port;
  const container =
    revision.template.containers.find((each) => each.name === before?.name) ??
    revision.template.containers.find(({ kind }) => kind === "app");
  const candidate = container?.ports.find((each) => each.port === number) ?? container?.ports[0];
  const target = { kind: "service", name: service.name, namespace: snapshot.guard.namespace } as const;
  return {
    class: "ServicePortNotServed",
    certainty: "Certain",
    message: `Service ${service.name} sends to the port named ${name}, and no container of the new pods has a port of that name${number === undefined ? "" : `; before, ${name} was ${number}`}.`,
    evidence: quoted(of, /Service/),
    remedy: candidate
      ? `Name containerPort ${candidate.port} of container ${container?.name ?? "?"} ${name}, or let Service ${service.name} send to its number.`
      : `Declare a containerPort named ${name}, or let Service ${service.name} send to a number.`,
    patch:
      candidate && container
        ? patchOfContainer(of.rollout, container, { ports: [{ containerPort: candidate.port, name }] })
        : number === undefined
          ? undefined
          : kubectlPatch(target, "strategic", { spec: { ports: [{ port, targetPort: number }] } }),
  };
}

/**
 * A further cause: the rollout moved the port away from the number to which a Service sends. Kubernetes does not notice;
 * callers do. Undefined where the failing probe says that the old port was right.
 */
export function servicePortMoved(of: Case): Cause | undefined {
  const { revision, baseline, services } = of.rollout;
  if (!baseline) return undefined;
  const portsOf = ({ template }: { readonly template: typeof revision.template }) =>
    new Set(template.containers.flatMap(({ ports }) => ports.map(({ port }) => port)));
  const [former, present] = [portsOf(baseline), portsOf(revision)];
  for (const service of services) {
    const moved = service.ports.find(
      ({ targetPort }) =>
        typeof targetPort === "number" && former.has(targetPort) && !present.has(targetPort),
    );
    if (!moved || present.size === 0) continue;
    return {
      class: "ServicePortNotServed",
      certainty: "Likely",
      message: `Service ${service.name} sends to port ${moved.targetPort}, which ${baseline.revision === revision.revision ? "the pods" : "the new pods"} do not declare any more; they declare ${[...present].join(", ")}.`,
      evidence: [`Service ${service.name}: targetPort ${moved.targetPort}`],
      remedy: `Let the containers serve port ${moved.targetPort} as before, or change the targetPort of Service ${service.name} with them.`,
    };
  }
  return undefined;
}
