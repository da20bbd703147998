// Are the ConfigMaps and Secrets there that workloads take from, with the keys?
import { nearest } from "../../domain/nearest.ts";
import type { LintRule, Severity } from "../finding.ts";
import type { Inventory } from "../inventory.ts";
import type { Manifest } from "../manifest.ts";
import { placeText } from "../place.ts";
import { type Reference, referencesOf } from "../references/configuration-references.ts";
import { slipOf } from "../slip.ts";

export const missingConfiguration: LintRule = {
  id: "missing-configuration",
  severity: "error",
  meaning: "A pod takes from a ConfigMap or Secret that is not there",
  advice:
    "Without a ConfigMap or Secret that is not marked optional, containers stay in CreateContainerConfigError. In a cluster a missing one is an error; a missing imagePullSecret is a warning, because the image may be public. Among files it is information, because Secrets are seldom among them; a name that is nearly that of one which is there is a warning.",
  *run(inventory) {
    const seen = new Set<string>();
    const made = madeSecrets(inventory);
    for (const { manifest, title, reference } of allReferences(inventory)) {
      if (reference.isOptional || isWritten(reference, manifest, inventory, made)) continue;
      // One finding for an object, however many variables are taken from it.
      const identity = JSON.stringify([title, manifest.scope, reference.kind, reference.name]);
      if (seen.has(identity)) continue;
      seen.add(identity);
      const names = inventory.inScope(manifest.scope, "", reference.kind).map(({ name }) => name);
      const slip = slipOf(reference.name, names);
      const isMissing = inventory.isComplete(reference.kind);
      yield {
        manifest,
        field: reference.field,
        severity: severityOf(reference, isMissing, slip !== undefined),
        message: `${title} takes ${reference.usedFor} from ${reference.kind} ${reference.name}, which is ${isMissing ? `not there: ${consequenceOf(reference)}` : "not among these manifests"}.`,
        fix: slip
          ? `Write ${slip}, if that is meant; otherwise create ${reference.kind} ${reference.name} first.`
          : `Make sure that ${reference.kind} ${reference.name} is there before this is rolled out.`,
      };
    }
  },
};

/** In files, Secrets are seldom, and ConfigMaps often made by something else. */
function severityOf({ isForPulling }: Reference, isMissing: boolean, isSlip: boolean): Severity {
  if (isMissing) return isForPulling ? "warning" : "error";
  return isSlip ? "warning" : "info";
}

function consequenceOf({ isForPulling }: Reference): string {
  return isForPulling ? "images of a private registry cannot be pulled" : "its pods cannot start";
}

export const missingKey: LintRule = {
  id: "missing-key",
  severity: "error",
  meaning: "A pod takes a key that its ConfigMap or Secret does not have",
  advice:
    "A key that a variable, a volume item or a subPath picks must be in the ConfigMap or Secret. It is checked where the object is among the manifests, or can be read in the cluster.",
  *run(inventory) {
    for (const { manifest, title, reference } of allReferences(inventory)) {
      const source = reference.key === undefined ? undefined : find(reference, manifest, inventory);
      if (source === undefined || reference.key === undefined || reference.isOptional) continue;
      const keys = keysOf(source);
      if (keys.includes(reference.key)) continue;
      const slip = nearest(reference.key, keys);
      const has =
        keys.length === 0
          ? "it has none"
          : `it has ${keys.slice(0, 8).join(", ")}${keys.length > 8 ? ", …" : ""}`;
      yield {
        manifest,
        field: reference.field,
        message: `${title} takes ${reference.usedFor} from key ${reference.key} of ${reference.kind} ${reference.name}, which has no such key: its pods cannot start; ${has}.`,
        fix: `Write ${slip ? `\`${slip}\`, when that is meant, or ` : ""}the key ${reference.key} into ${reference.kind} ${reference.name} (${placeText(source.root.place)}).`,
      };
    }
  },
};

function* allReferences(inventory: Inventory) {
  for (const workload of inventory.workloads) {
    for (const reference of referencesOf(workload)) {
      yield { manifest: workload.manifest, title: workload.title, reference };
    }
  }
}

function find({ kind, name }: Reference, user: Manifest, inventory: Inventory): Manifest | undefined {
  return inventory.find(user.scope, "", kind, name);
}

/** There, or made from something that is. */
function isWritten(
  reference: Reference,
  user: Manifest,
  inventory: Inventory,
  made: ReadonlySet<string>,
): boolean {
  if (find(reference, user, inventory) || made.has(keyOf(user.scope, reference.name))) return true;
  return reference.name === "kube-root-ca.crt";
}

const MAKES_SECRETS =
  /^(SealedSecret|ExternalSecret|Certificate|VaultStaticSecret|InfisicalSecret|OnePasswordItem)$/;

/** What controllers make of a SealedSecret, an ExternalSecret, a Certificate. */
function madeSecrets({ manifests }: Inventory): ReadonlySet<string> {
  return new Set(
    manifests
      .filter(({ kind }) => MAKES_SECRETS.test(kind))
      .map(({ name, root, scope }) => {
        const spec = root.at("spec");
        return keyOf(scope, spec.at("target", "name").text ?? spec.at("secretName").text ?? name);
      }),
  );
}

function keyOf(scope: string, name: string): string {
  return JSON.stringify([scope, name]);
}

function keysOf({ root }: Manifest): readonly string[] {
  return ["data", "stringData", "binaryData"].flatMap((part) =>
    root
      .at(part)
      .entries()
      .map(([key]) => key),
  );
}
