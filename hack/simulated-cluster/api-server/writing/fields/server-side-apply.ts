// Server-side apply: what an object becomes, who owns what then, and whose fields it would take. Pure.
import { ApiError } from "../../api-error.ts";
import { isJsonObject, type KubeObject } from "../../kube-object.ts";
import { apiVersionOf, type ResourceDefinition } from "../../resource-definition.ts";
import type { UntrustedObject } from "../object-metadata.ts";
import { compare, fieldsIn } from "./compare.ts";
import { type FieldOwner, isSameOwner, ownersOf, type Scope, scopeOf, type Writer } from "./field-owners.ts";
import {
  difference,
  type FieldSet,
  intersection,
  isEmptySet,
  NO_FIELDS,
  pathsOf,
  pathText,
  reaches,
  union,
} from "./field-set.ts";
import { merged, withoutPath } from "./merge.ts";
import { shared } from "./shared-fields.ts";
import { emptyContent, trackedContent, typeOfResource } from "./tracked-content.ts";
import { spelledOut, withoutFields } from "./update-owners.ts";

export interface Application {
  /** The live object with the configuration merged in; to be defaulted and validated like any write. */
  readonly body: UntrustedObject;
  readonly owners: readonly FieldOwner[];
}

/** Applies the configuration. 409 when it would change fields of others and is not forced. */
export function applied(
  resource: ResourceDefinition,
  live: KubeObject | undefined,
  configuration: UntrustedObject,
  { manager, subresource }: Writer,
  { isForced, at }: { readonly isForced: boolean; readonly at: number },
): Application {
  const type = typeOfResource(resource);
  const scope = scopeOf(subresource);
  const content = appliedContent(resource, configuration, scope);
  const claimed = fieldsIn(type, content);
  const owners = live === undefined ? [] : spelledOut(resource, live, ownersOf(live), scope);
  const applier = { manager, operation: "Apply", subresource, apiVersion: apiVersionOf(resource) } as const;
  const own = owners.find((owner) => isSameOwner(owner, applier));
  const others = owners.filter((owner) => owner !== own);

  const before: UntrustedObject = live ?? {};
  let body = merged(type, before, content) as UntrustedObject;
  const lastClaimed = own === undefined || own.fields === "rest" ? NO_FIELDS : own.fields.set;
  for (const path of noLongerClaimed(lastClaimed, claimed, others)) {
    body = withoutPath(type, body, path) as UntrustedObject;
  }

  const was = trackedContent(resource, live ?? emptyContent(resource), scope);
  const { changed, removed } = compare(type, was, trackedContent(resource, body, scope));
  const taken = others.flatMap((owner) => {
    if (owner.fields === "rest" || scopeOf(owner.subresource) !== scope) return [];
    const fields = intersection(owner.fields.set, changed);
    return isEmptySet(fields) ? [] : [{ owner, fields }];
  });
  if (taken.length > 0 && !isForced) throw applyConflict(taken);

  const lost = union(changed, removed);
  const kept = others.flatMap((owner) =>
    scopeOf(owner.subresource) === scope ? withoutFields(owner, lost) : [owner],
  );
  const fields = shared(claimed);
  const isUnchanged = own !== undefined && own.fields !== "rest" && own.fields.text === fields.text;
  const entry: FieldOwner = { ...applier, at: isUnchanged ? own.at : at, fields };
  return { body, owners: isEmptySet(claimed) ? kept : [...kept, entry] };
}

/** Whether both are the same owners of the same fields; when they wrote does not count. */
export function isSameOwnership(a: readonly FieldOwner[], b: readonly FieldOwner[]): boolean {
  const textOf = ({ fields }: FieldOwner) => (fields === "rest" ? fields : fields.text);
  return (
    a.length === b.length &&
    a.every((owner) => b.some((other) => isSameOwner(owner, other) && textOf(owner) === textOf(other)))
  );
}

/** Paths that the applier had and does not name any more, outermost first, unless another owner has part of them. */
function noLongerClaimed(last: FieldSet, claimed: FieldSet, others: readonly FieldOwner[]) {
  const paths = pathsOf(difference(withParents(last), withParents(claimed)));
  return paths.filter((path) =>
    others.every(({ fields }) => fields === "rest" || !reaches(fields.set, path)),
  );
}

/** The set with every struct on the way to a field as a member, so that one which gets empty goes, too. */
function withParents(set: FieldSet): FieldSet {
  const entries = Object.entries(set).map(([element, node]): [string, FieldSet] => [
    element,
    element === "." || isEmptySet(node) ? node : { ".": {}, ...withParents(node) },
  ]);
  return Object.fromEntries(entries);
}

/** What of the configuration counts: no identity, nothing that is null. */
function appliedContent(
  resource: ResourceDefinition,
  configuration: UntrustedObject,
  scope: Scope,
): UntrustedObject {
  const tracked = trackedContent(resource, withoutNulls(configuration) as UntrustedObject, scope);
  const { metadata, ...content } = JSON.parse(JSON.stringify(tracked)) as Record<string, unknown>;
  const isNamed = isJsonObject(metadata) && Object.keys(metadata).length > 0;
  return isNamed ? { metadata, ...content } : content;
}

/** An applied null claims nothing. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== null);
  return Object.fromEntries(entries.map(([field, each]) => [field, withoutNulls(each)]));
}

function applyConflict(taken: readonly { owner: FieldOwner; fields: FieldSet }[]): ApiError {
  const conflicts = taken.flatMap(({ owner, fields }) =>
    pathsOf(fields).map((path) => ({ owner: ownerText(owner), field: pathText(path) })),
  );
  const causes = conflicts.map(({ owner, field }) => ({
    reason: "FieldManagerConflict",
    message: `conflict with ${owner}`,
    field,
  }));
  return new ApiError(409, "Conflict", conflictMessage(conflicts), { causes });
}

function conflictMessage(conflicts: readonly { owner: string; field: string }[]): string {
  const [first] = conflicts;
  if (conflicts.length === 1) {
    return `Apply failed with 1 conflict: conflict with ${first?.owner}: ${first?.field}`;
  }
  const owners = [...new Set(conflicts.map(({ owner }) => owner))].sort();
  const texts = owners.map((owner) => {
    const fields = conflicts.filter((each) => each.owner === owner).map(({ field }) => `- ${field}`);
    return [`conflicts with ${owner}:`, ...fields].join("\n");
  });
  return `Apply failed with ${conflicts.length} conflicts: ${texts.join("\n")}`;
}

function ownerText({ manager, subresource, operation, apiVersion }: FieldOwner): string {
  const part = subresource === "" ? "" : ` with subresource ${JSON.stringify(subresource)}`;
  const version = operation === "Update" ? ` using ${apiVersion}` : "";
  return `${JSON.stringify(manager)}${part}${version}`;
}
