// The CEL rules of a CRD's schema (x-kubernetes-validations), evaluated wherever in the object they stand.
import { Environment } from "@marcbachmann/cel-js";
import type { FieldError } from "../api-error.ts";
import { isJsonObject } from "../kube-object.ts";
import type { Schema, ValidationRule } from "./structural-schema.ts";

type CompiledRule = ValidationRule & {
  readonly isTransition: boolean;
  readonly evaluate: Evaluate;
  readonly messageOf: Evaluate | undefined;
};

type Evaluate = (variables: { self: unknown; oldSelf: unknown }) => unknown;

const compiled = new WeakMap<ValidationRule, CompiledRule>();

/** The rules that the object breaks. Rules with `oldSelf` are for updates only. */
export function brokenRules(schema: Schema, value: unknown, previous: unknown, path = ""): FieldError[] {
  const faults: FieldError[] = [];
  for (const rule of schema["x-kubernetes-validations"] ?? []) {
    const fault = breaks(compile(rule), schema, value, previous, path);
    if (fault !== undefined) faults.push(fault);
  }
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return faults;
    // Items of a plain list have no identity, so Kubernetes gives their rules no old value.
    for (const [i, item] of value.entries()) {
      faults.push(...brokenRules(items, item, undefined, `${path}[${i}]`));
    }
    return faults;
  }
  if (!isJsonObject(value)) return faults;
  for (const [field, item] of Object.entries(value)) {
    const additional = isJsonObject(schema.additionalProperties) ? schema.additionalProperties : undefined;
    const fieldSchema = schema.properties?.[field] ?? additional;
    if (fieldSchema === undefined) continue;
    const before = isJsonObject(previous) ? previous[field] : undefined;
    faults.push(...brokenRules(fieldSchema, item, before, path === "" ? field : `${path}.${field}`));
  }
  return faults;
}

function compile(rule: ValidationRule): CompiledRule {
  const known = compiled.get(rule);
  if (known !== undefined) return known;
  const environment = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false })
    .registerVariable("self", "dyn")
    .registerVariable("oldSelf", "dyn");
  const evaluate = environment.parse(rule.rule);
  const messageOf =
    rule.messageExpression === undefined ? undefined : environment.parse(rule.messageExpression);
  const result = { ...rule, isTransition: /\boldSelf\b/.test(rule.rule), evaluate, messageOf };
  compiled.set(rule, result);
  return result;
}

function breaks(
  rule: CompiledRule,
  schema: Schema,
  value: unknown,
  previous: unknown,
  path: string,
): FieldError | undefined {
  if (rule.isTransition && previous === undefined && !rule.optionalOldSelf) return undefined;
  let why: string;
  let isUndecided = false;
  try {
    const variables = { self: asCel(value), oldSelf: asCel(previous) };
    if (rule.evaluate(variables) === true) return undefined;
    why = messageFrom(rule, variables) ?? rule.message ?? `failed rule: ${rule.rule}`;
  } catch (error) {
    isUndecided = true;
    why = `${errorText(error)} evaluating rule: ${rule.message ?? rule.rule}`;
  }
  const isContainer = typeof value === "object" && value !== null;
  const shown = JSON.stringify(isUndecided ? (schema.type ?? "object") : value);
  const field = rule.fieldPath === undefined ? path : `${path}${rule.fieldPath}`;
  const named = { field: field === "" ? "<nil>" : field };
  switch (rule.reason) {
    case "FieldValueRequired":
      return { ...named, reason: rule.reason, message: `Required value: ${why}` };
    case "FieldValueForbidden":
      return { ...named, reason: rule.reason, message: `Forbidden: ${why}` };
    case "FieldValueDuplicate":
      return { ...named, reason: rule.reason, message: `Duplicate value: ${shown}` };
    case "FieldValueInvalid":
    case undefined:
      // Objects and lists are not shown: they may be long.
      return {
        ...named,
        reason: "FieldValueInvalid",
        message: isContainer && !isUndecided ? `Invalid value: ${why}` : `Invalid value: ${shown}: ${why}`,
      };
  }
}

/** The evaluator's fault in the words of Kubernetes' one, as far as they differ where users see them. */
function errorText(error: unknown): string {
  const [message = ""] = (error as Error).message.split("\n");
  return message.startsWith("Invalid duration string")
    ? "type conversion error from 'string' to 'google.protobuf.Duration'"
    : message;
}

/** What the rule itself says of the value; undefined where it cannot, or says nothing of use. */
function messageFrom(rule: CompiledRule, variables: Parameters<Evaluate>[0]): string | undefined {
  try {
    const text = rule.messageOf?.(variables);
    return typeof text === "string" && text.trim() !== "" && !text.includes("\n") ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Whole numbers are integers in CEL, which JavaScript cannot tell from doubles. */
function asCel(value: unknown): unknown {
  if (typeof value === "number" && Number.isInteger(value)) return BigInt(value);
  if (Array.isArray(value)) return value.map(asCel);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([field, item]) => [field, asCel(item)]));
}
