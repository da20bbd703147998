// An object as JSON, with the owners of its fields as metadata.managedFields.

import type { Metadata } from "../kube-object.ts";
import { managedFieldsText } from "../writing/fields/managed-fields.ts";

type Shown = Readonly<Record<string, unknown>> & { readonly metadata: Metadata };

/** The object as JSON, as clients get it. Its kind and apiVersion may be missing, as in lists. */
export function objectText(object: Shown): string {
  const managedFields = managedFieldsText(object);
  if (managedFields === "") return JSON.stringify(object);
  const { kind, apiVersion, metadata } = object;
  const head = JSON.stringify({ kind, apiVersion, metadata }).slice(0, -2);
  const text = JSON.stringify(object);
  // Objects begin with these three, so that their text needs to be made only once.
  if (text.startsWith(head)) return `${head},"managedFields":${managedFields}${text.slice(head.length)}`;
  return objectText(Object.assign({ kind, apiVersion, metadata }, object));
}
