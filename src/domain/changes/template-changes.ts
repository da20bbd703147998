// What a rollout changed in the pod template, in lines a person reads. Values only of images, ports, probes, labels and
// resources; of everything else the names. Pure.

import type { RevisionView } from "../snapshot/revision.ts";
import type { Prints, TemplateView } from "../snapshot/template.ts";
import { containerChanges } from "./container-changes.ts";

/** The differences from one revision to another; empty when nothing that is looked at differs. */
export function templateChanges(before: RevisionView, after: RevisionView): readonly string[] {
  const [old, present] = [before.template, after.template];
  const lines = [...labelChanges(old.labels, present.labels), ...everyContainer(old, present)];
  lines.push(...listChanges("volume", old.volumes, present.volumes));
  const fields = differingNames(old.otherFields, present.otherFields);
  if (fields.length > 0) lines.push(`pod: ${fields.join(", ")} changed`);
  const annotations = differingNames(old.annotations, present.annotations);
  if (annotations.length > 0) lines.push(`annotations ${annotations.join(", ")} changed`);
  return lines;
}

function everyContainer(before: TemplateView, after: TemplateView): readonly string[] {
  const names = new Set([...before.containers, ...after.containers].map(({ name }) => name));
  return [...names].flatMap((name) => {
    const old = before.containers.find((container) => container.name === name);
    const present = after.containers.find((container) => container.name === name);
    if (old && present) return containerChanges(old, present);
    return [`container ${name} was ${present ? `added (${present.image})` : "removed"}`];
  });
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

function listChanges(what: string, before: readonly string[], after: readonly string[]): readonly string[] {
  return [
    ...before.filter((each) => !after.includes(each)).map((each) => `${what} ${each} was removed`),
    ...after.filter((each) => !before.includes(each)).map((each) => `${what} ${each} was added`),
  ];
}

function differingNames(before: Prints, after: Prints): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.filter((name) => ownValue(before, name) !== ownValue(after, name));
}

/** A label may be called "constructor". */
function ownValue<T>(values: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
