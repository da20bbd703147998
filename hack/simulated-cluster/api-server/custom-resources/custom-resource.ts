// From a CustomResourceDefinition to a resource that the server can serve.
import { type FieldError, invalid } from "../api-error.ts";
import { isJsonObject, type KubeObject } from "../kube-object.ts";
import type { PrinterColumn, ResourceDefinition } from "../resource-definition.ts";
import { brokenRules } from "./cel-rules.ts";
import { compileSchema } from "./schema-validation.ts";
import { prune, type Schema, withDefaults } from "./structural-schema.ts";

/** The spec of a CRD, as far as it is used. */
interface CrdSpec {
  readonly group: string;
  readonly scope: "Namespaced" | "Cluster";
  readonly names: {
    readonly plural: string;
    readonly kind: string;
    readonly singular?: string;
    readonly shortNames?: readonly string[];
    readonly categories?: readonly string[];
  };
  readonly versions: readonly {
    readonly name: string;
    readonly storage: boolean;
    readonly schema?: { readonly openAPIV3Schema?: Schema };
    readonly subresources?: { readonly status?: object };
    readonly additionalPrinterColumns?: readonly PrinterColumn[];
    readonly selectableFields?: readonly { readonly jsonPath: string }[];
  }[];
}

/** Says the CRD's storage version as a resource; there are no conversions between versions. */
export function customResource(crd: KubeObject): ResourceDefinition {
  const { group, scope, names, versions } = crd.spec as CrdSpec;
  const version = versions.find(({ storage }) => storage) ?? versions[0];
  if (version === undefined) throw new Error(`The CRD ${crd.metadata.name} has no version.`);
  const schema: Schema = version.schema?.openAPIV3Schema ?? { "x-kubernetes-preserve-unknown-fields": true };
  const faultsOf = compileSchema(schema);
  const hasRules = JSON.stringify(schema).includes('"x-kubernetes-validations"');
  const resource: ResourceDefinition = {
    id: `${names.plural}.${group}`,
    group,
    version: version.name,
    plural: names.plural,
    singular: names.singular ?? names.kind.toLowerCase(),
    kind: names.kind,
    shortNames: names.shortNames,
    categories: names.categories,
    isNamespaced: scope === "Namespaced",
    isCustom: true,
    hasStatus: version.subresources?.status !== undefined,
    hasGeneration: true,
    fieldLabels: version.selectableFields?.map(({ jsonPath }) => jsonPath.replace(/^\./, "")),
    schema,
    printerColumns: version.additionalPrinterColumns,
    prune: (object) => prunedObject(object, schema),
    withDefaults: (object) => withDefaults(object, schema) as KubeObject,
    validate: (object, previous) => {
      const json: unknown = JSON.parse(JSON.stringify(object));
      const faults = faultsOf(json);
      const isUnfit = hasRules && faults.some(({ reason, message }) => isBlocking(reason, message));
      const all = [...faults, ...(isUnfit ? [RULES_NOT_CHECKED] : brokenRules(schema, json, previous))];
      if (all.length > 0) throw invalid(resource, object.metadata.name, all);
    },
  };
  return resource;
}

/** Rules rely on the form of an object: they are not looked at while it is wrong in one of these ways. */
function isBlocking(reason: FieldError["reason"], message: string): boolean {
  const reasons = ["FieldValueRequired", "FieldValueNotSupported", "FieldValueTooLong", "FieldValueTooMany"];
  return reasons.includes(reason) || message.includes(" in body must be of type ");
}

const RULES_NOT_CHECKED: FieldError = {
  field: "<nil>",
  reason: "FieldValueInvalid",
  message:
    "Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation",
};

/** Metadata is the server's own; everything else is pruned. */
function prunedObject(
  object: KubeObject,
  schema: Schema,
): { object: KubeObject; removed: readonly string[] } {
  const removed: string[] = [];
  const { metadata, apiVersion, kind, ...content } = object;
  const { properties = {} } = schema;
  const known = Object.fromEntries(
    Object.entries(properties).filter(([field]) => !["metadata", "apiVersion", "kind"].includes(field)),
  );
  const pruned = prune(content, { ...schema, properties: known }, "", removed);
  return { object: { kind, apiVersion, metadata, ...(isJsonObject(pruned) ? pruned : {}) }, removed };
}

/** The status of a CRD that is served. */
export function establishedStatus(crd: KubeObject, at: string): unknown {
  const { names, versions } = crd.spec as CrdSpec;
  const condition = (type: string, reason: string, message: string) => ({
    type,
    status: "True",
    lastTransitionTime: at,
    reason,
    message,
  });
  return {
    conditions: [
      condition("NamesAccepted", "NoConflicts", "no conflicts found"),
      condition("Established", "InitialNamesAccepted", "the initial names have been accepted"),
    ],
    acceptedNames: names,
    storedVersions: versions.filter(({ storage }) => storage).map(({ name }) => name),
  };
}
