// Who has written into a workload's pod template, and when: all that is kept of its managed fields.
import type { TemplateManager } from "../../domain/snapshot/workload.ts";
import { asInstant, asList, asName, asObject, isObject, type RawObject } from "../objects.ts";
import { sharedText } from "../projections/shared-text.ts";

/** Enough to name those who argue about a template. */
const MOST_MANAGERS = 3;

/** The field managers that own something in the pod template, each once, the last to write first. */
export function templateManagersOf(workload: RawObject): readonly TemplateManager[] {
  const newest = new Map<string, number>();
  for (const entry of asList(asObject(workload.metadata).managedFields)) {
    const { manager, time, fieldsV1 } = asObject(entry);
    const name = asName(manager);
    const at = asInstant(time);
    if (name === undefined || at === undefined) continue;
    if (!isObject(asObject(asObject(fieldsV1)["f:spec"])["f:template"])) continue;
    newest.set(name, Math.max(at, newest.get(name) ?? 0));
  }
  return [...newest]
    .map(([name, at]) => ({ name: sharedText(name), at }))
    .sort((a, b) => b.at - a.at || (a.name < b.name ? -1 : 1))
    .slice(0, MOST_MANAGERS);
}
