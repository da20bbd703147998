// Which names, label keys and label values the API server takes, and what it says of others.
import type { FieldError } from "../api-error.ts";
import { tooLong, wrong } from "./field-errors.ts";

interface Format {
  readonly pattern: RegExp;
  readonly limit: number;
  readonly why: string;
}

const LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

const FORMATS = {
  subdomain: {
    pattern: new RegExp(`^${LABEL}(\\.${LABEL})*$`),
    limit: 253,
    why: `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${LABEL}(\\.${LABEL})*')`,
  },
  label: {
    pattern: new RegExp(`^${LABEL}$`),
    limit: 63,
    why: `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${LABEL}')`,
  },
  dns1035: {
    pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
    limit: 63,
    why: "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
  },
  qualifiedName: {
    pattern: /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/,
    limit: 63,
    why: "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
  },
  labelValue: {
    pattern: /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/,
    limit: 63,
    why: "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
  },
  configKey: {
    pattern: /^[-._a-zA-Z0-9]+$/,
    limit: 253,
    why: "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
  },
} satisfies Record<string, Format>;

/** The faults of a text that has to have the format. */
export function formatFaults(field: string, text: string, format: keyof typeof FORMATS): FieldError[] {
  const { pattern, limit, why } = FORMATS[format];
  const faults: FieldError[] = [];
  if (text.length > limit) faults.push(wrong(field, text, `must be no more than ${limit} characters`));
  if (!pattern.test(text)) faults.push(wrong(field, text, why));
  return faults;
}

/** The faults of a label's or annotation's key: a name, with or without a domain before it. */
function keyFaults(field: string, key: string): FieldError[] {
  const parts = key.split("/");
  const [prefix = "", name = ""] = parts.length > 1 ? parts : [undefined, key];
  if (parts.length > 2) {
    const why =
      "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
    return [wrong(field, key, why)];
  }
  const ofPrefix =
    prefix === "" && parts.length === 1
      ? []
      : formatFaults(field, prefix, "subdomain").map(({ message }) =>
          wrong(field, key, `prefix part ${message.slice(message.indexOf(": ", 15) + 2)}`),
        );
  if (name === "") return [...ofPrefix, wrong(field, key, "name part must be non-empty")];
  return [
    ...ofPrefix,
    ...formatFaults(field, name, "qualifiedName").map((each) => ({
      ...each,
      message: each.message.replace(JSON.stringify(name), JSON.stringify(key)),
    })),
  ];
}

/** The faults of labels. */
export function labelFaults(
  field: string,
  labels: Readonly<Record<string, string>> | undefined,
): FieldError[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...keyFaults(field, key),
    ...formatFaults(field, value, "labelValue"),
  ]);
}

const MAX_ANNOTATIONS_BYTES = 256 * 1_024;

/** The faults of annotations: their keys, and how long all of them are together. */
export function annotationFaults(
  field: string,
  annotations: Readonly<Record<string, string>> | undefined,
): FieldError[] {
  const entries = Object.entries(annotations ?? {});
  const faults = entries.flatMap(([key]) => keyFaults(field, key.toLowerCase()));
  const bytes = entries.reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
  return bytes > MAX_ANNOTATIONS_BYTES ? [...faults, tooLong(field, MAX_ANNOTATIONS_BYTES)] : faults;
}
