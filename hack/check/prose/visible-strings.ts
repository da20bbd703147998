// The texts of a source file that people can read: its string literals and templates with more than one word.
import { parseSync } from "@swc/core";

/** A text and the line on which it begins. */
export interface VisibleText {
  readonly text: string;
  readonly line: number;
}

/** Stands for an expression in a template. */
const EXPRESSION = "{}";

/**
 * Each text of the TypeScript source. Adjacent parts of a sum are texts of their own; names of modules and single words
 * are none.
 */
export function visibleStrings(source: string): readonly VisibleText[] {
  // swc counts bytes, from where the first token of all that it has parsed begins: a first token of our own is the anchor.
  const anchored = `;${source.replace(/^#!/, "//")}`;
  const program = parseSync(anchored, { syntax: "typescript", target: "esnext" });
  const bytes = Buffer.from(anchored);
  const texts: VisibleText[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    if (isNode(node)) {
      if (/^(?:Import|Export(?:All|Named)Declaration)/.test(node.type)) return;
      const text = textOf(node);
      if (text !== undefined && /\S\s+\S/.test(text)) {
        const before = bytes.subarray(0, (node.span?.start ?? 0) - program.span.start).toString();
        texts.push({ text, line: before.split("\n").length });
      }
    }
    // Also what is no node: lists, and arguments of calls.
    for (const child of Object.values(node)) visit(child);
  };
  visit(program.body);
  return texts;
}

interface Node {
  readonly type: string;
  readonly span?: { readonly start: number };
  readonly value?: unknown;
  readonly quasis?: readonly { readonly cooked?: string; readonly raw: string }[];
}

function isNode(value: object): value is Node {
  return "type" in value && typeof value.type === "string";
}

function textOf({ type, value, quasis }: Node): string | undefined {
  if (type === "StringLiteral" && typeof value === "string") return value;
  if (type === "TemplateLiteral") return quasis?.map(({ cooked, raw }) => cooked ?? raw).join(EXPRESSION);
  return undefined;
}
