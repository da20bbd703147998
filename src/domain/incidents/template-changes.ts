// What a rollout changed in the pod template, in lines a person reads. Names of env, never values. Pure.
import type { ContainerTemplateView, RevisionView } from "../snapshot.ts";

/** The differences from one revision to another; empty when nothing that is looked at differs. */
export function templateChanges(before: RevisionView, after: RevisionView): readonly string[] {
  const lines = labelChanges(before.template.labels, after.template.labels);
  const names = new Set(
    [...before.template.containers, ...after.template.containers].map(({ name }) => name),
  );
  for (const name of names) {
    const old = before.template.containers.find((container) => container.name === name);
    const present = after.template.containers.find((container) => container.name === name);
    if (old && present) lines.push(...containerChanges(old, present));
    else lines.push(`container ${name} was ${present ? `added (${present.image})` : "removed"}`);
  }
  return lines;
}

function labelChanges(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): string[] {
  const labels = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return labels.flatMap((label) => {
    const [old, present] = [ownValue(before, label), ownValue(after, label)];
    if (old === present) return [];
    if (present === undefined) return [`label ${label}=${old} was removed`];
    if (old === undefined) return [`label ${label}=${present} was added`];
    return [`label ${label}: ${old} → ${present}`];
  });
}

/** A label may be called "constructor". */
function ownValue(labels: Readonly<Record<string, string>>, label: string): string | undefined {
  return Object.hasOwn(labels, label) ? labels[label] : undefined;
}

function containerChanges(before: ContainerTemplateView, after: ContainerTemplateView): readonly string[] {
  const of = `container ${after.name}:`;
  const lines: string[] = [];
  if (before.image !== after.image) lines.push(`${of} image ${before.image} → ${after.image}`);
  const [oldPorts, ports] = [portText(before), portText(after)];
  if (oldPorts !== ports) lines.push(`${of} ports ${oldPorts} → ${ports}`);
  for (const which of ["readiness", "liveness", "startup"] as const) {
    const [old, present] = [before[which]?.target ?? "none", after[which]?.target ?? "none"];
    if (old !== present) lines.push(`${of} ${which} probe ${old} → ${present}`);
  }
  const [gone, come] = [without(before.envNames, after.envNames), without(after.envNames, before.envNames)];
  if (gone.length > 0) lines.push(`${of} env ${gone.join(", ")} went away`);
  if (come.length > 0) lines.push(`${of} env ${come.join(", ")} came`);
  if (before.commandKey !== after.commandKey) lines.push(`${of} its command or arguments changed`);
  const [lost, won] = [
    without(before.resources, after.resources),
    without(after.resources, before.resources),
  ];
  if (lost.length + won.length > 0) {
    lines.push(`${of} resources ${lost.join(", ") || "none"} → ${won.join(", ") || "none"}`);
  }
  return lines;
}

function portText({ ports }: ContainerTemplateView): string {
  return ports.map(({ name, port }) => (name ? `${name}:${port}` : `${port}`)).join(", ") || "none";
}

function without(names: readonly string[], others: readonly string[]): readonly string[] {
  return names.filter((name) => !others.includes(name));
}
