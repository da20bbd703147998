// Whether a pod template is a release that was seen before, under another hash. Pure.
import type { ContainerTemplateView, TemplateView } from "../snapshot/template.ts";
import { isReleaseMark } from "./release-marks.ts";
import { isRestartVariable } from "./restart-marks.ts";

/** More variables or volumes are not kept of a template, and what is not kept cannot be compared. */
const MOST_KEPT = 500;

/**
 * What a template has more than a release that was seen before, where all of it was left over from a third one: when a release
 * is applied again after a rollback, what only the restored revision had can stay in lists that are merged. Empty: it is the
 * same release. Undefined: it is another one.
 * @param restored what ran in between; undefined: nothing can be left over
 * @param selecting labels that Services select by: they matter, whatever their names are
 */
export function leftoversIn(
  present: TemplateView,
  release: TemplateView,
  restored: TemplateView | undefined,
  selecting: ReadonlySet<string>,
): readonly string[] | undefined {
  if (isCut(present) || isCut(release) || !isSameOrder(present, release)) return undefined;
  const [now, then] = [partsOf(present, selecting), partsOf(release, selecting)];
  for (const [part, value] of then) if (now.get(part) !== value) return undefined;
  const more = [...now.keys()].filter((part) => !then.has(part));
  if (more.length === 0) return more;
  const left = restored && partsOf(restored, selecting);
  return more.every((part) => left?.get(part) === now.get(part)) ? more : undefined;
}

function isCut({ containers, volumes }: TemplateView): boolean {
  return volumes.length >= MOST_KEPT || containers.some(({ env }) => env.length >= MOST_KEPT);
}

/** All that matters of a template by name, each as something that can be compared. */
function partsOf(template: TemplateView, selecting: ReadonlySet<string>): ReadonlyMap<string, unknown> {
  const parts = new Map<string, unknown>();
  for (const [name, value] of Object.entries(template.labels)) {
    if (selecting.has(name) || !isReleaseMark(name)) parts.set(`label ${name}`, value);
  }
  for (const [name, print] of Object.entries(template.annotations)) {
    if (!isReleaseMark(name)) parts.set(`annotation ${name}`, print);
  }
  for (const [name, print] of Object.entries(template.otherFields)) parts.set(name, print);
  for (const volume of template.volumes) parts.set(`volume ${volume}`, true);
  for (const [name, print] of Object.entries(template.volumePrints)) parts.set(`volume ${name}`, print);
  for (const container of template.containers) addContainer(parts, container);
  return parts;
}

function addContainer(parts: Map<string, unknown>, container: ContainerTemplateView): void {
  const { name, kind, image, ports, readiness, liveness, startup } = container;
  const add = (part: string, value: unknown) => parts.set(`container ${name}: ${part}`, value);
  add("kind", kind);
  add("image", image);
  const { envFrom, commandKey, mounts, resources } = container;
  const fields = { ports, readiness, liveness, startup, envFrom, commandKey, mounts, resources };
  for (const [field, value] of Object.entries(fields)) {
    const text = JSON.stringify(value);
    if (text !== undefined && text !== "[]") add(field, text);
  }
  for (const [field, print] of Object.entries(container.knownFields)) add(`all of ${field}`, print);
  for (const [field, print] of Object.entries(container.otherFields)) add(`all of ${field}`, print);
  const seen = new Map<string, number>();
  for (const variable of container.env) {
    if (isRestartVariable(variable.name)) continue;
    const count = (seen.get(variable.name) ?? 0) + 1;
    seen.set(variable.name, count);
    add(count === 1 ? `env ${variable.name}` : `env ${variable.name} (${count})`, variable.print);
  }
}

/** Variables refer to earlier ones, init containers run one after the other: what both have must come in the same order. */
function isSameOrder(present: TemplateView, release: TemplateView): boolean {
  const names = (template: TemplateView) => template.containers.map(({ name }) => name);
  if (!isSameOrderOf(names(present), names(release))) return false;
  return present.containers.every(({ name, env }) => {
    const other = release.containers.find((container) => container.name === name);
    return other === undefined || isSameOrderOf(variables(env), variables(other.env));
  });
}

function variables(env: ContainerTemplateView["env"]): readonly string[] {
  return env.map(({ name }) => name);
}

function isSameOrderOf(names: readonly string[], others: readonly string[]): boolean {
  const [known, present] = [new Set(others), new Set(names)];
  return (
    names.filter((name) => known.has(name)).join("\n") ===
    others.filter((name) => present.has(name)).join("\n")
  );
}
