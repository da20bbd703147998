// What a source answers to an instant query, as far as checks need it (Prometheus' HTTP API, /api/v1/query).
import { asList, asObject, isObject, optionalText } from "../../kube/objects.ts";

export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  /** NaN where the source says so, for an infinite value, and for a histogram. */
  readonly value: number;
}

export type QueryResult =
  | { readonly type: "vector"; readonly series: readonly Series[] }
  | { readonly type: "scalar"; readonly value: number }
  /** A range, a string, or something that no version of the API has yet. */
  | { readonly type: "other"; readonly name: string };

export type ReadResult =
  | { readonly kind: "result"; readonly result: QueryResult }
  /** The source has left out what it could not reach. */
  | { readonly kind: "partial" }
  | { readonly kind: "unreadable" };

/** Never throws. */
export function readResult(text: string): ReadResult {
  const answer = parsed(text);
  if (answer?.status !== "success" || !isObject(answer.data)) return { kind: "unreadable" };
  // Prometheus, Thanos and Mimir warn; VictoriaMetrics has a field of its own.
  if (asList(answer.warnings).length > 0 || answer.isPartial === true) return { kind: "partial" };
  const { resultType, result } = answer.data;
  const name = optionalText(resultType) ?? "nothing";
  if (name === "scalar") return { kind: "result", result: { type: "scalar", value: numberIn(result) } };
  if (name !== "vector") return { kind: "result", result: { type: "other", name: name.slice(0, 20) } };
  const series = asList(result).filter(isObject).map(readSeries);
  return { kind: "result", result: { type: "vector", series } };
}

/** Whether a refusal says that the query cannot be parsed. Never throws. */
export function saysBadQuery(text: string): boolean {
  return parsed(text)?.errorType === "bad_data";
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function readSeries({ metric, value }: Record<string, unknown>): Series {
  const labels = Object.entries(asObject(metric)).flatMap(([label, text]) =>
    typeof text === "string" ? [[label, text] as const] : [],
  );
  return { labels: Object.fromEntries(labels), value: numberIn(value) };
}

/** Of a pair of time and value. */
function numberIn(pair: unknown): number {
  const text = asList(pair)[1];
  const value = typeof text === "string" && text !== "" ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : Number.NaN;
}
