// Are the objects there that others need by name?
import type { LintRule, Severity } from "../finding.ts";
import type { Inventory } from "../inventory.ts";
import type { Manifest } from "../manifest.ts";
import { type ObjectReference, objectReferencesOf } from "../references/object-references.ts";
import { slipOf } from "../slip.ts";

export const missingObject: LintRule = {
  id: "missing-object",
  severity: "error",
  meaning: "An object needs another one that is not there",
  advice:
    "ServiceAccounts, PersistentVolumeClaims, Services, roles, classes, and what an autoscaler scales. A name that is nearly that of an object which is here is a warning, and so is a missing Service of an Ingress or a missing target of an autoscaler, when there are others here to choose from. Otherwise it is information: something else may create it. In a cluster only kinds that were read are judged, and a missing one is an error.",
  *run(inventory) {
    for (const reference of objectReferencesOf(inventory)) {
      const { from, kind, name, field, says, without } = reference;
      const candidates = candidatesOf(reference, inventory);
      if (isThere(reference, candidates) || isClaimOfStatefulSet(reference, inventory)) continue;
      const isMissing = inventory.isComplete(kind);
      // Of a kind that was not read nothing is known.
      if (inventory.isLive && !isMissing) continue;
      const other = otherKind(reference, inventory);
      const slip = slipOf(
        name,
        candidates.map((one) => one.name),
      );
      // Classes and cluster roles are seldom shipped with what uses them.
      if (reference.namespace === null && slip === undefined) continue;
      const severity = severityOf(reference, isMissing, slip ?? other, candidates);
      yield {
        manifest: from,
        field,
        severity,
        message: `${says} ${kind} ${name}, which is not ${isMissing ? "there" : "among these manifests"}; without it ${without}.`,
        fix: fixOf(reference, slip, other),
      };
    }
  },
};

function severityOf(
  { isShippedAlong }: ObjectReference,
  isMissing: boolean,
  meant: unknown,
  candidates: readonly Manifest[],
): Severity {
  if (isMissing) return "error";
  return meant !== undefined || (isShippedAlong && candidates.length > 0) ? "warning" : "info";
}

function fixOf(
  { kind, name }: ObjectReference,
  slip: string | undefined,
  other: Manifest | undefined,
): string {
  if (other !== undefined) {
    const apiVersion = other.root.at("apiVersion").text ?? "";
    return `Write \`apiVersion: ${apiVersion}\` and \`kind: ${other.kind}\`: that is what ${name} is here.`;
  }
  return slip === undefined
    ? `Make sure that ${kind} ${name} is there before this is rolled out.`
    : `Write ${slip}, if that is meant; otherwise create ${kind} ${name} first.`;
}

function candidatesOf(reference: ObjectReference, inventory: Inventory): readonly Manifest[] {
  const { group, kind, namespace, from } = reference;
  const isBeside = namespace === undefined || namespace === from.namespace;
  const candidates = isBeside
    ? inventory.inScope(from.scope, group, kind)
    : inventory
        .ofKind(group, kind)
        .filter((one) => namespace === null || one.namespace === namespace || one.namespace === "");
  return candidates.filter((one) => one !== from);
}

/** Here, or in every cluster. */
function isThere({ kind, name }: ObjectReference, candidates: readonly Manifest[]): boolean {
  if (kind === "ServiceAccount" && name === "default") return true;
  if (/^(system[:-]|cluster-admin$|admin$|edit$|view$)/.test(name)) return true;
  return candidates.some((one) => one.name === name);
}

/** An object of that name which is of another kind or group than the reference says. */
function otherKind({ from, kind, name, isShippedAlong }: ObjectReference, inventory: Inventory) {
  if (!isShippedAlong || kind === "Service") return undefined;
  return inventory
    .otherWorkloads(from)
    .map(({ manifest }) => manifest)
    .find((one) => one.name === name && /^(Deployment|StatefulSet|ReplicaSet|Rollout)$/.test(one.kind));
}

/** StatefulSets create claims from their templates: data-web-0 of the template data in web. */
function isClaimOfStatefulSet({ kind, name, from }: ObjectReference, inventory: Inventory): boolean {
  if (kind !== "PersistentVolumeClaim") return false;
  return inventory.inScope(from.scope, "apps", "StatefulSet").some((set) =>
    set.root
      .at("spec", "volumeClaimTemplates")
      .items()
      .some((claim) => name.startsWith(`${claim.at("metadata", "name").text}-${set.name}-`)),
  );
}
