// What one revision has in its pod template and another has not: names only. Pure.
import type { RevisionView } from "../snapshot/revision.ts";
import type { ContainerTemplateView } from "../snapshot/template.ts";

const PROBES = ["readiness", "liveness", "startup"] as const;

/** "variable DEBUG of container app", "volume cache" and so on; empty when the other one has all of it too. */
export function onlyIn({ template }: RevisionView, other: RevisionView): readonly string[] {
  const others = other.template;
  return [
    ...template.containers.flatMap((container) => {
      const there = others.containers.find(({ name }) => name === container.name);
      return there ? onlyInContainer(container, there) : [`container ${container.name}`];
    }),
    ...missing("volume", Object.keys(template.volumePrints), Object.keys(others.volumePrints)),
    ...missing("label", Object.keys(template.labels), Object.keys(others.labels)),
    ...missing("annotation", Object.keys(template.annotations), Object.keys(others.annotations)),
    ...missing("field", Object.keys(template.otherFields), Object.keys(others.otherFields)),
  ];
}

function onlyInContainer(container: ContainerTemplateView, other: ContainerTemplateView): readonly string[] {
  const names = ({ env }: ContainerTemplateView) => env.map(({ name }) => name);
  const ports = (one: ContainerTemplateView) => one.ports.map(({ port }) => String(port));
  const limits = ({ resources }: ContainerTemplateView) =>
    resources.map((each) => each.split("=")[0] ?? each);
  const probes = (one: ContainerTemplateView) => PROBES.filter((which) => one[which] !== undefined);
  return [
    ...missing("variable", names(container), names(other)),
    ...missing("all variables of", container.envFrom, other.envFrom),
    ...missing("mount of volume", container.mounts, other.mounts),
    ...missing("port", ports(container), ports(other)),
    ...probes(container)
      .filter((which) => !probes(other).includes(which))
      .map((which) => `${which} probe`),
    ...missing("resource", limits(container), limits(other)),
    ...missing("field", Object.keys(container.otherFields), Object.keys(other.otherFields)),
  ].map((each) => `${each} of container ${container.name}`);
}

function missing(what: string, here: readonly string[], there: readonly string[]): readonly string[] {
  const others = new Set(there);
  return here.filter((name) => !others.has(name)).map((name) => `${what} ${name}`);
}
