// The label and field selectors of a list or watch: parsed from their text form into a filter of objects.
import { type ApiError, badRequest } from "../api-error.ts";
import type { LabelRequirement, LabelSelector } from "../kinds.ts";
import { type KubeObject, valueAt } from "../kube-object.ts";
import { matchesSelector } from "../label-selector.ts";
import type { ResourceDefinition } from "../resource-definition.ts";

export type ObjectFilter = (object: KubeObject) => boolean;

const SET_BASED = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/;

/** `a=b,c!=d,e in (f,g),!h,i`: the text form. */
function parseLabelSelector(text: string): LabelSelector {
  const requirements = text.split(/,(?![^(]*\))/).map((part) => part.trim());
  return { matchExpressions: requirements.filter((part) => part !== "").map(parseRequirement) };
}

function parseRequirement(text: string): LabelRequirement {
  const setBased = SET_BASED.exec(text);
  if (setBased !== null) {
    const [, key = "", operator, list = ""] = setBased;
    const values = list.split(",").map((value) => value.trim());
    return { key, operator: operator === "in" ? "In" : "NotIn", values };
  }
  const equality = /^([^!=\s]+)\s*(==|=|!=)\s*([^\s=!]*)$/.exec(text);
  if (equality !== null) {
    const [, key = "", operator, value = ""] = equality;
    return { key, operator: operator === "!=" ? "NotIn" : "In", values: [value] };
  }
  if (/^!\s*[^\s=!]+$/.test(text)) return { key: text.slice(1).trim(), operator: "DoesNotExist" };
  if (/^[^\s=!]+$/.test(text)) return { key: text, operator: "Exists" };
  const odd = /^[^!=\s]+\s*(?:==|!=|=)\s*([!=]+)/.exec(text)?.[1];
  const found = odd === undefined ? text : `found '${odd}', expected: identifier`;
  throw badRequest(`unable to parse requirement: ${found}`);
}

/** A filter for the two selector parameters of a list or watch; undefined when everything passes. */
export function parseSelectors(
  resource: ResourceDefinition,
  labelText: string | null,
  fieldText: string | null,
): ObjectFilter | undefined {
  const filters: ObjectFilter[] = [];
  if (labelText) {
    const selector = parseLabelSelector(labelText);
    filters.push((object) => matchesSelector(selector, object.metadata.labels));
  }
  if (fieldText) filters.push(...fieldText.split(",").map((part) => parseFieldRequirement(resource, part)));
  if (filters.length === 0) return undefined;
  return (object) => filters.every((filter) => filter(object));
}

function parseFieldRequirement(resource: ResourceDefinition, text: string): ObjectFilter {
  const [, label = "", operator, wanted = ""] = /^([^!=]+)(==|=|!=)(.*)$/.exec(text.trim()) ?? [];
  if (operator === undefined) throw badRequest(`invalid field selector: "${text}"`);
  const isKnown =
    label === "metadata.name" ||
    (label === "metadata.namespace" && resource.isNamespaced) ||
    resource.fieldLabels?.includes(label);
  if (!isKnown) throw unknownField(resource, label);
  const path = label.split(".");
  const isEqualWanted = operator !== "!=";
  return (object) => {
    const value = valueAt(object, path);
    return (textOf(value) === wanted) === isEqualWanted;
  };
}

/** Kinds without labels of their own are answered for by what all kinds share. */
function unknownField({ isCustom, fieldLabels }: ResourceDefinition, label: string): ApiError {
  return badRequest(
    isCustom || fieldLabels !== undefined
      ? `field label not supported: ${label}`
      : `"${label}" is not a known field selector: only "metadata.name", "metadata.namespace"`,
  );
}

/** Plain values only: there are no selectors for objects and lists. */
function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : "";
}
