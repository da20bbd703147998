// What Kubernetes' validation says of names and labels.
import type { Field } from "../field.ts";
import type { Manifest } from "../manifest.ts";
import type { Workload } from "../workload.ts";
import { isPlaceholder, pathText, type Refusal } from "./refusal.ts";

interface Format {
  readonly pattern: RegExp;
  readonly longest: number;
  readonly why: string;
  /** What can be written instead. */
  readonly of: string;
}

const SUBDOMAIN: Format = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  longest: 253,
  why: "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  of: "small letters, digits, `-` and `.`",
};
const DNS_1035: Format = {
  pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
  longest: 63,
  why: "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  of: "small letters, digits and `-`, with a letter first",
};
const LABEL: Format = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  longest: 63,
  why: "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  of: "small letters, digits and `-`",
};
const LABEL_VALUE: Format = {
  pattern: /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/,
  longest: 63,
  why: "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  of: "letters, digits, `-`, `_` and `.`; an annotation can hold other text",
};
const KEY_NAME: Format = {
  pattern: /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/,
  longest: 63,
  why: "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  of: "letters, digits, `-`, `_` and `.`, after a domain and `/` if you want one",
};

/** The object's own names and labels, and those of its pod template. */
export function metadataRefusals(manifest: Manifest, workload: Workload | undefined): readonly Refusal[] {
  const metadata = manifest.root.at("metadata");
  const selector = manifest.root.at("spec", "selector");
  const inTemplate = workload?.template === manifest.root ? undefined : workload?.template.at("metadata");
  return [
    ...nameRefusals(manifest, metadata.at("name")),
    ...formatRefusals(metadata.at("namespace"), LABEL),
    ...[metadata.at("labels"), inTemplate?.at("labels"), selector.at("matchLabels")].flatMap(labelRefusals),
    ...(manifest.kind === "Service" ? labelRefusals(selector) : []),
    ...[metadata.at("annotations"), inTemplate?.at("annotations")].flatMap(keyRefusals),
  ];
}

function nameRefusals({ group, kind }: Manifest, name: Field): readonly Refusal[] {
  if (group === "rbac.authorization.k8s.io") return [];
  return formatRefusals(name, kind === "Service" ? DNS_1035 : kind === "Namespace" ? LABEL : SUBDOMAIN);
}

function labelRefusals(labels: Field | undefined): readonly Refusal[] {
  const values = labels?.entries().map(([, value]) => value) ?? [];
  return [...keyRefusals(labels), ...values.flatMap((value) => formatRefusals(value, LABEL_VALUE))];
}

function keyRefusals(fields: Field | undefined): readonly Refusal[] {
  return (fields?.entries() ?? []).flatMap(([key, field]) => {
    const name = key.slice(key.lastIndexOf("/") + 1);
    return refusal(field, key, name, KEY_NAME);
  });
}

function formatRefusals(field: Field, format: Format): readonly Refusal[] {
  if (field.text === undefined || isPlaceholder(field)) return [];
  return refusal(field, field.text, field.text, format);
}

function refusal(field: Field, written: string, text: string, format: Format): readonly Refusal[] {
  const { pattern, longest, why, of } = format;
  // What a template puts in is not known here.
  if (/\$|\{\{|[<>]/.test(text)) return [];
  const isTooLong = text.length > longest;
  if (!isTooLong && pattern.test(text)) return [];
  const says = isTooLong ? `must be no more than ${longest} bytes` : why;
  return [
    {
      field,
      says: `${pathText(field)}: Invalid value: "${written}": ${says}`,
      fix: `Write at most ${longest} characters: ${of}.`,
    },
  ];
}
