// What is wrong with a spec, told to the person who wrote it.
import type { z } from "zod";
import { asObject, isObject } from "../objects.ts";

type Issue = z.core.$ZodIssue;

/** One sentence for each problem: where it is, what is wrong, what to write instead. */
export function describeSpecProblems(error: z.ZodError, spec: unknown): string {
  return error.issues
    .slice(0, 5)
    .map((issue) => `${["spec", ...issue.path].join(".")}: ${describe(issue, valueAt(spec, issue.path))}`)
    .join("; ");
}

function describe(issue: Issue, value: unknown): string {
  if (issue.code === "invalid_format") {
    // Every pattern of the spec is that of a duration; readiness.patience also takes a word.
    const word = issue.pattern?.includes("Auto") ? '"Auto" or ' : "";
    return `${quoted(value)} is not a duration; write ${word}a duration such as "15s", "5m" or "1h30m"`;
  }
  if (issue.code === "invalid_value") {
    return `${quoted(value)} is not valid; write ${issue.values.map((each) => quoted(each)).join(" or ")}`;
  }
  if (issue.code === "invalid_type") {
    const wanted = issue.expected === "int" ? "a whole number" : `a value of type ${issue.expected}`;
    return value === undefined
      ? `is missing; write ${wanted}`
      : `write ${wanted} instead of ${quoted(value)}`;
  }
  if (issue.code === "too_big") {
    const [fault, unit] = sizeWords(issue.origin, "big", "long");
    return `is too ${fault}; write at most ${issue.maximum}${unit}`;
  }
  if (issue.code === "too_small") {
    const [fault, unit] = sizeWords(issue.origin, "small", "short");
    return `is too ${fault}; write at least ${issue.minimum}${unit}`;
  }
  return issue.message;
}

function sizeWords(origin: string, ofNumber: string, ofOthers: string): [fault: string, unit: string] {
  if (origin === "string") return [ofOthers, " characters"];
  return origin === "array" ? [ofOthers, " entries"] : [ofNumber, ""];
}

function valueAt(spec: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => {
    if (Array.isArray(value)) return value[Number(key)];
    return isObject(value) && Object.hasOwn(value, key) ? asObject(value)[String(key)] : undefined;
  }, spec);
}

function quoted(value: unknown): string {
  const text = typeof value === "object" && value !== null ? "…" : String(value).slice(0, 60);
  return typeof value === "string" ? `"${text}"` : text;
}
