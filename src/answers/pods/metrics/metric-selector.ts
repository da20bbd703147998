// Selectors as metric checks write them, such as `http_requests_total{code=~"5.."}`, for metrics that the operator reads itself.

/** The metrics of one name whose labels match. A label that is not there counts as empty, as in Prometheus. */
export interface MetricSelector {
  readonly metric: string;
  /** Rejects with SelectorError for a pattern that RE2 does not know. */
  readonly matches: (labels: Labels) => boolean;
}

export type Labels = Readonly<Record<string, string>>;

/** The selector is written wrong. The message says what to write. */
export class SelectorError extends Error {
  override readonly name = "SelectorError";
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const SELECTOR = new RegExp(`^\\s*(${NAME})\\s*(?:\\{(.*)\\})?\\s*$`, "s");
/** One matcher and what separates it from the next one. */
const MATCHER =
  /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*("(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\\\n]|\\[^\n])*'|`[^`]*`)\s*(,|$)/suy;
const MOST_STEPS = 200;

interface Matcher {
  readonly label: string;
  readonly holds: (value: string) => boolean;
}

/** Throws SelectorError. Regular expressions are anchored, and RE2's. */
export async function parseSelector(text: string): Promise<MetricSelector> {
  const [, metric, braces = ""] = SELECTOR.exec(text) ?? [];
  if (metric === undefined)
    throw new SelectorError(`"${text}" must be the name of a metric, with labels in braces if needed`);
  const matchers: Matcher[] = [];
  MATCHER.lastIndex = 0;
  while (braces.slice(MATCHER.lastIndex).trim() !== "") {
    const at = MATCHER.lastIndex;
    const [, label = "", operator = "", quoted = ""] = MATCHER.exec(braces) ?? [];
    if (label === "")
      throw new SelectorError(`"${text}" has no label matcher at "${braces.slice(at, at + 20)}"`);
    matchers.push({ label, holds: await condition(operator, unquoted(quoted), text) });
  }
  return { metric, matches: (labels) => matchers.every(({ label, holds }) => holds(labels[label] ?? "")) };
}

async function condition(
  operator: string,
  value: string,
  text: string,
): Promise<(actual: string) => boolean> {
  if (operator === "=") return (actual) => actual === value;
  if (operator === "!=") return (actual) => actual !== value;
  const pattern = await anchored(value, text);
  return (actual) => pattern(actual) === (operator === "=~");
}

async function anchored(pattern: string, text: string): Promise<(actual: string) => boolean> {
  const { RE2JS } = await import("re2js");
  let compiled: InstanceType<typeof RE2JS>;
  try {
    compiled = RE2JS.compile(`^(?s:${pattern})$`);
  } catch {
    throw new SelectorError(`"${text}" has a regular expression that RE2 does not know`);
  }
  if (compiled.programSize() > MOST_STEPS)
    throw new SelectorError(`"${text}" has a regular expression that is too complex`);
  return (actual) => compiled.test(actual);
}

const ESCAPED: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

function unquoted(quoted: string): string {
  const inner = quoted.slice(1, -1);
  return quoted.startsWith("`")
    ? inner
    : inner.replace(/\\(.)/gs, (_, character: string) => ESCAPED[character] ?? character);
}
