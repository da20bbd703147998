// PromQL by its grammar: which selectors a query has, and the same query with matchers put into each of them. What a guard
// asks is confined to its namespace here, so the text that is sent is made of what the parser saw, and of nothing else.
import type { parser as promql } from "@prometheus-io/lezer-promql";

type Tree = ReturnType<typeof promql.parse>;
type SyntaxNode = Tree["topNode"];

/** A query that cannot be asked, and why: the mistake of whoever wrote the guard. */
export class QueryError extends Error {}

/** The value must be free of quotes, backslashes and line breaks. */
export interface Matcher {
  readonly label: string;
  readonly operator: "=" | "=~";
  readonly value: string;
}

export interface PromqlReader {
  /** The query without comments, each of its selectors with the matchers in addition. Throws QueryError. */
  withMatchers(query: string, matchers: readonly Matcher[]): string;
  /**
   * The same of a text that is one selector and nothing else, such as `http_requests_total{code="500"}`. With a suffix it must
   * begin with the name of the metric, which gets the suffix.
   */
  selectorWith(selector: string, matchers: readonly Matcher[], suffix?: string): string;
}

/** With the names of pods in place of variables. */
const MOST_CHARACTERS = 32_000;
/** Characters that only some parsers take for spaces. */
const DISPUTED = /[^\n\t\x20-\x7e]/;
/** Characters that end a comment for some parsers only: what follows would be read by those, and left out here. */
const DISPUTED_IN_COMMENT = /[\p{Cc}\u2028\u2029]/u;
/** A string as all parsers of PromQL read it: closed, and on one line unless it is raw. */
const CLOSED_STRING = /^(?:"(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\\\n]|\\[^\n])*'|`[^`]*`)$/;
/** It reads a series that no selector names. */
const READS_UNNAMED = "Info";

/** Loads the grammar, which costs 13 MB of memory: not before a guard has a metric check. */
export async function loadPromql(): Promise<PromqlReader> {
  const { parser } = await import("@prometheus-io/lezer-promql");
  const read = (query: string): Tree => {
    if (query.length > MOST_CHARACTERS) throw new QueryError(`longer than ${MOST_CHARACTERS} characters`);
    const tree = parser.parse(query);
    checkAll(tree, query);
    return tree;
  };
  return {
    withMatchers: (query, matchers) => rewritten(query, read(query), matchers),
    selectorWith(selector, matchers, suffix = "") {
      const tree = read(selector);
      const parts = childrenOf(tree.topNode).filter((node) => node.name !== "LineComment");
      const [only] = parts;
      if (parts.length !== 1 || only?.name !== "VectorSelector")
        throw new QueryError("it must be the name of a metric, with labels in braces if needed");
      const name = only.getChild("Identifier");
      if (suffix !== "" && name === null) throw new QueryError("it must begin with the name of a metric");
      const edits = name === null ? [] : [{ from: name.to, to: name.to, text: suffix }];
      return rewritten(selector, tree, matchers, edits);
    },
  };
}

function checkAll(tree: Tree, query: string): void {
  let codeSince = 0;
  const checkCode = (until: number) => {
    if (DISPUTED.test(query.slice(codeSince, until)))
      throw new QueryError(`only ASCII characters and line feeds can be used outside strings`);
  };
  tree.iterate({
    enter({ name, type, from, to }) {
      const refuse = (why: string) => {
        throw new QueryError(`${why} at character ${from + 1}, near "${excerpt(query, from)}"`);
      };
      const text = query.slice(from, to);
      if (type.isError) refuse("not valid PromQL");
      if (name === READS_UNNAMED)
        refuse("info() cannot be used, because it reads series without a selector:");
      if (name === "StringLiteral" && !CLOSED_STRING.test(text)) refuse("a string is not closed");
      if (name === "LineComment" && DISPUTED_IN_COMMENT.test(text.replaceAll("\t", "")))
        refuse("a comment has a control character");
      if (name !== "StringLiteral" && name !== "LineComment") return;
      checkCode(from);
      codeSince = to;
    },
  });
  checkCode(query.length);
}

function excerpt(query: string, from: number): string {
  return query.slice(Math.max(0, from - 10), from + 20);
}

/** An insertion, or a comment to leave out. */
interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

function rewritten(
  query: string,
  tree: Tree,
  matchers: readonly Matcher[],
  others: readonly Edit[] = [],
): string {
  const added = matchers.map(({ label, operator, value }) => `${label}${operator}"${value}"`).join(",");
  const edits = [...others];
  tree.iterate({
    enter(node) {
      if (node.name === "LineComment") edits.push({ from: node.from, to: node.to, text: "" });
      if (node.name === "VectorSelector" && added !== "") edits.push(insertion(node.node, added));
    },
  });
  let text = "";
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.from - b.from)) {
    text += query.slice(at, edit.from) + edit.text;
    at = edit.to;
  }
  return (text + query.slice(at)).trim();
}

/** In front of what the guard wrote in its braces, so that nothing in there is before it. */
function insertion(selector: SyntaxNode, added: string): Edit {
  const braces = selector.getChild("LabelMatchers");
  if (braces === null) return { from: selector.to, to: selector.to, text: `{${added}}` };
  const isEmpty = childrenOf(braces).every((node) => node.name === "LineComment");
  const at = braces.from + 1;
  return { from: at, to: at, text: isEmpty ? added : `${added},` };
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
}
