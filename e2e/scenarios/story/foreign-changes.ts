// The changes of a Deployment that a scenario did not make itself: those of the operator, if it made any.
import { isDeepStrictEqual } from "node:util";
import type { Mirror } from "../../clusters/mirror.ts";
import type { Deed } from "./deeds.ts";

export interface ForeignChange {
  readonly generation: number;
  /** When its event arrived (epoch ms of the cluster's clock). */
  readonly at: number;
  /** Whether it changed the pod template, and not only whether the rollout is paused. */
  readonly isTemplate: boolean;
  /** The owners of the template's fields after it. */
  readonly managers: readonly string[];
}

/** Every new generation that none of the deeds produced, in order. */
export function foreignChanges(
  mirror: Mirror,
  namespace: string,
  name: string,
  deeds: readonly Deed[],
): ForeignChange[] {
  const known = new Set(
    deeds.filter(({ deployment }) => deployment === name).map(({ generation }) => generation),
  );
  const found: ForeignChange[] = [];
  let templateBefore: unknown;
  for (const { object, at } of mirror.changes("deployments", namespace)) {
    const { metadata } = object;
    const generation = metadata.generation ?? 0;
    if (metadata.name !== name) continue;
    const { template } = object.spec as { readonly template?: unknown };
    const isTemplate = !isDeepStrictEqual(template, templateBefore);
    templateBefore = template;
    if (known.has(generation)) continue;
    known.add(generation);
    const managers = ((metadata.managedFields ?? []) as readonly FieldsEntry[])
      .filter(({ fieldsV1 }) => "f:template" in (fieldsV1?.["f:spec"] ?? {}))
      .map(({ manager }) => manager ?? "");
    found.push({ generation, at, isTemplate, managers });
  }
  return found;
}

interface FieldsEntry {
  readonly manager?: string;
  readonly fieldsV1?: Fields;
}

interface Fields {
  readonly [field: string]: Fields;
}
