// What a rollout changed in one container: as lines, and in a few words for a sentence. Pure.

import type { ProbeView } from "../snapshot/probe.ts";
import type { ContainerTemplateView } from "../snapshot/template.ts";

const PROBES = ["readiness", "liveness", "startup"] as const;

/** The differences, a line each. */
export function containerChanges(
  before: ContainerTemplateView,
  after: ContainerTemplateView,
): readonly string[] {
  const of = `container ${after.name}:`;
  const lines: string[] = [];
  if (before.image !== after.image) lines.push(`${of} image ${before.image} → ${after.image}`);
  const [oldPorts, ports] = [portText(before), portText(after)];
  if (oldPorts !== ports) lines.push(`${of} ports ${oldPorts} → ${ports}`);
  for (const which of PROBES)
    lines.push(...probeChanges(`${of} ${which} probe`, before[which], after[which]));
  for (const [names, what] of envChanges(before, after)) lines.push(`${of} env ${names.join(", ")} ${what}`);
  const [gone, come] = apart(before.envFrom, after.envFrom);
  if (gone.length > 0) lines.push(`${of} envFrom ${gone.join(", ")} was removed`);
  if (come.length > 0) lines.push(`${of} envFrom ${come.join(", ")} was added`);
  if (before.commandKey !== after.commandKey) lines.push(`${of} its command or arguments changed`);
  const [lost, won] = apart(before.resources, after.resources);
  if (lost.length + won.length > 0) {
    lines.push(`${of} resources ${lost.join(", ") || "none"} → ${won.join(", ") || "none"}`);
  }
  const [unmounted, mounted] = apart(before.mounts, after.mounts);
  for (const mount of unmounted) lines.push(`${of} volume ${mount} is no longer mounted`);
  for (const mount of mounted) lines.push(`${of} volume ${mount} is mounted`);
  const fields = otherFields(before, after);
  if (fields.length > 0) lines.push(`${of} ${fields.join(", ")} changed`);
  return lines;
}

/** What differs, in words: "image", "env A, B", "readiness probe". */
export function changedInContainer(
  before: ContainerTemplateView,
  after: ContainerTemplateView,
): readonly string[] {
  const env = envChanges(before, after).flatMap(([names]) => names);
  return [
    ...(before.image !== after.image ? [`image (${before.image} → ${after.image})`] : []),
    ...(env.length > 0
      ? [`env ${env.slice(0, 5).join(", ")}${env.length > 5 ? ` and ${env.length - 5} more` : ""}`]
      : []),
    ...(before.commandKey !== after.commandKey ? ["command or arguments"] : []),
    ...(portText(before) !== portText(after) ? ["ports"] : []),
    ...PROBES.filter((which) => JSON.stringify(before[which]) !== JSON.stringify(after[which])).map(
      (which) => `${which} probe`,
    ),
    ...(before.resources.join() !== after.resources.join() ? ["resources"] : []),
    ...(before.envFrom.join() !== after.envFrom.join() ? ["envFrom"] : []),
    ...(before.mounts.join() !== after.mounts.join() ? ["volume mounts"] : []),
    ...otherFields(before, after),
  ];
}

/** Names of variables that went, came, or have another value or source. */
function envChanges(before: ContainerTemplateView, after: ContainerTemplateView) {
  const [old, present] = [
    new Map(before.env.map((each) => [each.name, each.print])),
    new Map(after.env.map((each) => [each.name, each.print])),
  ];
  const gone = [...old.keys()].filter((name) => !present.has(name));
  const come = [...present.keys()].filter((name) => !old.has(name));
  const changed = [...present.keys()].filter((name) => old.has(name) && old.get(name) !== present.get(name));
  const all: [readonly string[], string][] = [
    [gone, "removed"],
    [come, "added"],
    [changed, "changed"],
  ];
  return all.filter(([names]) => names.length > 0);
}

const TIMES = [
  ["initialDelayMs", "initial delay"],
  ["periodMs", "period"],
  ["timeoutMs", "timeout"],
] as const;
const COUNTS = [
  ["failureThreshold", "failure threshold"],
  ["successThreshold", "success threshold"],
] as const;

function probeChanges(
  of: string,
  before: ProbeView | undefined,
  after: ProbeView | undefined,
): readonly string[] {
  if (before?.target !== after?.target)
    return [`${of} ${before?.target ?? "none"} → ${after?.target ?? "none"}`];
  if (!before || !after) return [];
  const times = TIMES.filter(([field]) => before[field] !== after[field]).map(
    ([field, name]) => `${name} ${before[field] / 1_000} s → ${after[field] / 1_000} s`,
  );
  const counts = COUNTS.filter(([field]) => before[field] !== after[field]).map(
    ([field, name]) => `${name} ${before[field]} → ${after[field]}`,
  );
  const all = [...times, ...counts];
  return all.length > 0 ? [`${of} ${all.join(", ")}`] : [];
}

function otherFields(before: ContainerTemplateView, after: ContainerTemplateView): readonly string[] {
  const names = [...new Set([...Object.keys(before.otherFields), ...Object.keys(after.otherFields)])].sort();
  return names.filter((name) => before.otherFields[name] !== after.otherFields[name]);
}

function portText({ ports }: ContainerTemplateView): string {
  return ports.map(({ name, port }) => (name ? `${name}:${port}` : `${port}`)).join(", ") || "none";
}

/** What only the first has, and what only the second. */
function apart(names: readonly string[], others: readonly string[]) {
  return [
    names.filter((name) => !others.includes(name)),
    others.filter((name) => !names.includes(name)),
  ] as const;
}
