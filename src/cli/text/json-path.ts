// kubectl's JSONPath templates: text with expressions in braces, {range}…{end}, and quoted text.
import { JSONPath } from "jsonpath-plus";
import { UsageError } from "../exit-codes.ts";

type Part =
  | { readonly text: string }
  | { readonly path: string }
  | { readonly range: string; readonly parts: readonly Part[] };

/** What is within braces, which may stand in quotes there. */
const BLOCK = /\{((?:[^{}"']|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')*)\}/g;

/** What the template makes of the data, as kubectl prints it. Throws UsageError for a template that is none. */
export function jsonPathText(template: string, data: unknown): string {
  // By way of JSON: what is undefined is not there.
  return rendered(parse(template), JSON.parse(JSON.stringify(data)));
}

function parse(template: string): readonly Part[] {
  const open: { readonly range: string; readonly parts: Part[] }[] = [{ range: "", parts: [] }];
  const innermost = () => open[open.length - 1] ?? fail(template, "{end} without {range}");
  const add = (part: Part) => innermost().parts.push(part);
  let at = 0;
  for (const match of template.matchAll(BLOCK)) {
    add({ text: unbraced(template.slice(at, match.index), template) });
    at = match.index + match[0].length;
    const content = (match[1] ?? "").trim();
    if (/^["']/.test(content)) add({ text: unquoted(content) });
    else if (content.startsWith("range ")) open.push({ range: content.slice(6).trim(), parts: [] });
    else if (content === "end") {
      if (open.length < 2) fail(template, "{end} without {range}");
      const { range, parts } = innermost();
      open.pop();
      add({ range, parts });
    } else add({ path: content });
  }
  add({ text: unbraced(template.slice(at), template) });
  if (open.length > 1) fail(template, "{range} without {end}");
  return innermost().parts;
}

function unbraced(text: string, template: string): string {
  return /[{}]/.test(text) ? fail(template, "a brace is not closed") : text;
}

function fail(template: string, why: string): never {
  throw new UsageError(`-o jsonpath=${template}: ${why}; write for example jsonpath='{.metadata.name}'`);
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

function unquoted(text: string): string {
  return text.slice(1, -1).replaceAll(/\\(.)/g, (_, letter: string) => ESCAPES[letter] ?? letter);
}

function rendered(parts: readonly Part[], data: unknown): string {
  return parts
    .map((part) => {
      if ("text" in part) return part.text;
      if ("path" in part) return valuesAt(part.path, data).map(valueText).join(" ");
      return valuesAt(part.range, data)
        .map((value) => rendered(part.parts, value))
        .join("");
    })
    .join("");
}

function valueText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function valuesAt(expression: string, data: unknown): readonly unknown[] {
  try {
    // "safe": filters are evaluated without JavaScript's eval.
    const found: unknown = JSONPath({
      path: pathOf(expression),
      json: data as object,
      eval: "safe",
      wrap: true,
    });
    return Array.isArray(found) ? found : [];
  } catch (cause) {
    throw new UsageError(`-o jsonpath: {${expression}} cannot be read`, { cause });
  }
}

/** kubectl's dialect in that of the library: it begins anywhere, escapes dots, and counts from the end with [-1]. */
function pathOf(expression: string): string {
  const path = expression
    .replace(/^[$@]/, "")
    .replaceAll(/\.((?:[^.[\]\\]|\\.)+)/g, (whole, name: string) =>
      name.includes("\\") ? `['${name.replaceAll(/\\(.)/g, "$1")}']` : whole,
    )
    .replaceAll(/\[(-\d+)\]/g, "[$1:]")
    .replaceAll(/\[-(\d+):\]/g, (whole, n: string) => (n === "1" ? whole : `[-${n}:-${Number(n) - 1}]`));
  if (path !== "" && !/^[.[]/.test(path)) return `$.${path}`;
  return `$${path}`;
}
