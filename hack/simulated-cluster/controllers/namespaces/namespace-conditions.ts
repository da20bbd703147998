// What the status of a namespace that is being deleted says of its content. Pure.
import type { Condition } from "../../api-server/kinds.ts";

/** What is left in the namespace: how many objects of each resource, and how many with each finalizer. */
export interface Remainder {
  readonly resources: ReadonlyMap<string, number>;
  readonly finalizers: ReadonlyMap<string, number>;
}

type Change = Pick<Condition, "type" | "status" | "reason" | "message">;

/** The conditions in the words of the real controller; those that stay keep their time. */
export function namespaceConditions(
  before: readonly Condition[],
  { resources, finalizers }: Remainder,
  now: string,
): readonly Condition[] {
  const changes: readonly Change[] = [
    {
      type: "NamespaceDeletionDiscoveryFailure",
      status: "False",
      reason: "ResourcesDiscovered",
      message: "All resources successfully discovered",
    },
    {
      type: "NamespaceDeletionGroupVersionParsingFailure",
      status: "False",
      reason: "ParsedGroupVersions",
      message: "All legacy kube types successfully parsed",
    },
    {
      type: "NamespaceDeletionContentFailure",
      status: "False",
      reason: "ContentDeleted",
      message: "All content successfully deleted, may be waiting on finalization",
    },
    contentRemaining(resources),
    finalizersRemaining(finalizers),
  ];
  return changes.map((change) => {
    const current = before.find(({ type }) => type === change.type);
    const isSame = current?.status === change.status && current.message === change.message;
    return { ...change, lastTransitionTime: isSame ? current.lastTransitionTime : now };
  });
}

function contentRemaining(resources: ReadonlyMap<string, number>): Change {
  const type = "NamespaceContentRemaining";
  if (resources.size === 0) {
    return { type, status: "False", reason: "ContentRemoved", message: "All content successfully removed" };
  }
  const list = [...resources].map(([name, count]) => `${name} has ${count} resource instances`).sort();
  const message = `Some resources are remaining: ${list.join(", ")}`;
  return { type, status: "True", reason: "SomeResourcesRemain", message };
}

function finalizersRemaining(finalizers: ReadonlyMap<string, number>): Change {
  const type = "NamespaceFinalizersRemaining";
  if (finalizers.size === 0) {
    const message = "All content-preserving finalizers finished";
    return { type, status: "False", reason: "ContentHasNoFinalizers", message };
  }
  const list = [...finalizers].map(([name, count]) => `${name} in ${count} resource instances`).sort();
  const message = `Some content in the namespace has finalizers remaining: ${list.join(", ")}`;
  return { type, status: "True", reason: "SomeFinalizersRemain", message };
}
