// The variables of a query that a guard writes, and what they stand for.
import type { MetricSampleQuestion } from "../../domain/snapshot/question.ts";
import { windowText } from "./count-queries.ts";
import { podPattern } from "./pod-names.ts";
import { QueryError } from "./selectors.ts";

/** What names, hashes, patterns of names and durations are made of: nothing that ends a string or a selector. */
const HARMLESS = /^[-a-zA-Z0-9.|[\]{}]*$/;
const VARIABLE = /\$([A-Za-z_]\w*)/g;

/** The query with the values of its variables. Throws QueryError for a variable that does not exist. */
export function withVariables(query: string, question: MetricSampleQuestion): string {
  const { namespace, workload, windowMs, new: newSide, old: oldSide } = question;
  const values = new Map([
    ["namespace", namespace],
    ["deployment", workload],
    ["newPods", podPattern([newSide])],
    ["oldPods", podPattern([oldSide])],
    ["newHash", newSide?.hash ?? ""],
    ["oldHash", oldSide?.hash ?? ""],
    ["window", windowText(windowMs)],
  ]);
  return query.replaceAll(VARIABLE, (text, name: string) => {
    const value = values.get(name);
    if (value !== undefined && HARMLESS.test(value)) return value;
    throw new QueryError(
      `there is no variable ${text}; there are ${[...values.keys()].map((known) => `$${known}`).join(", ")}`,
    );
  });
}
