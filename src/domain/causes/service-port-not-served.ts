// A Service that sends to a named port that no container has. Pure.
import { selects } from "../rollout/services.ts";
import { lostPorts } from "../services/service-ports.ts";
import type { ServiceView } from "../snapshot/service.ts";
import { type Case, type Cause, type Classifier, quoted } from "./cause.ts";
import { emptyServices } from "./empty-services.ts";
import { kubectlPatch, patchOfContainer } from "./kubectl-patch.ts";

export const servicePortNotServed: Classifier = {
  recognises: ["ServicePortNotServed"],
  explains: ["EmptyEndpoints"],
  classify: (of) => {
    const { revision, baseline, services } = of.rollout;
    const { labels, containers } = revision.template;
    const declared = containers.flatMap(({ ports }) => ports);
    for (const service of emptyServices(of).filter((each) => selects(each, labels))) {
      const named = service.ports.find(
        ({ targetPort }) =>
          typeof targetPort === "string" && !declared.some(({ name }) => name === targetPort),
      );
      if (named) return unnamed(of, service, named.port, String(named.targetPort));
    }
    for (const service of services) {
      const [lost] = lostPorts(service, revision.template, baseline?.template);
      const sent = service.ports.find(({ targetPort }) => targetPort === lost?.targetPort);
      if (lost && sent) return unnamed(of, service, sent.port, lost.targetPort);
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
    message: `Service ${service.name} sends to the port named ${name}, but no container of the new pods has a port with that name${number === undefined ? "" : `; ${name} was ${number} before`}.`,
    evidence: quoted(of, /Service/),
    remedy: candidate
      ? `Name containerPort ${candidate.port} of container ${container?.name ?? "?"} ${name}, or set its number as targetPort of Service ${service.name}.`
      : `Add a containerPort named ${name}, or set a number as targetPort of Service ${service.name}.`,
    patch:
      candidate && container
        ? patchOfContainer(of.rollout, container, { ports: [{ containerPort: candidate.port, name }] })
        : number === undefined
          ? undefined
          : kubectlPatch(target, "strategic", { spec: { ports: [{ port, targetPort: number }] } }),
  };
}
