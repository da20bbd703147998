// Faults of single fields in the words of the API server.
import type { FieldError } from "../api-error.ts";

const fault = (field: string, reason: FieldError["reason"], message: string): FieldError => ({
  field,
  reason,
  message,
});

const shown = (value: unknown): string => JSON.stringify(value) ?? "null";

export const required = (field: string, why?: string): FieldError =>
  fault(field, "FieldValueRequired", why === undefined ? "Required value" : `Required value: ${why}`);

export const wrong = (field: string, value: unknown, why: string): FieldError =>
  fault(field, "FieldValueInvalid", `Invalid value: ${shown(value)}: ${why}`);

export const forbiddenField = (field: string, why: string): FieldError =>
  fault(field, "FieldValueForbidden", `Forbidden: ${why}`);

export const duplicate = (field: string, value: unknown): FieldError =>
  fault(field, "FieldValueDuplicate", `Duplicate value: ${shown(value)}`);

export const notThere = (field: string, value: unknown): FieldError =>
  fault(field, "FieldValueNotFound", `Not found: ${shown(value)}`);

export const tooLong = (field: string, limit: number): FieldError =>
  fault(field, "FieldValueTooLong", `Too long: may not be more than ${limit} bytes`);

/** The value has to be one of those given; undefined passes. */
export function unsupported(field: string, value: unknown, supported: readonly string[]): FieldError[] {
  if (value === undefined || supported.includes(value as string)) return [];
  const list = [...supported].sort().map((each) => JSON.stringify(each));
  const message = `Unsupported value: ${shown(value)}: supported values: ${list.join(", ")}`;
  return [fault(field, "FieldValueNotSupported", message)];
}

/** Numbers that may not be negative; undefined passes. */
export function negative(field: string, value: unknown): FieldError[] {
  return typeof value === "number" && value < 0
    ? [wrong(field, value, "must be greater than or equal to 0")]
    : [];
}

/** A port from 1 to 65535. */
export function notAPort(field: string, value: unknown): FieldError[] {
  if (typeof value === "number" && value >= 1 && value <= 65_535) return [];
  return [wrong(field, value, "must be between 1 and 65535, inclusive")];
}
