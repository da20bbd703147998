// Manifests from text: YAML of several documents or JSON, lists unpacked, every value with its line and column.
import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  type Tags,
} from "yaml";
import { shortText } from "../domain/plain-text.ts";
import { Field } from "./field.ts";
import { type Manifest, manifestOf } from "./manifest.ts";
import type { FieldPath, Place } from "./place.ts";

/** What of a text cannot be read, and where. */
export interface ReadProblem {
  readonly place: Place;
  readonly message: string;
}

export interface ParsedText {
  readonly manifests: readonly Manifest[];
  readonly problems: readonly ReadProblem[];
  /** Documents that are no Kubernetes objects, such as the values of a chart. */
  readonly others: number;
}

type ParsedDocument = Exclude<ReturnType<typeof parseAllDocuments>, { empty: true }>[number];

/** Never throws: what cannot be read becomes a problem, and the documents around it are read all the same. */
export function parseManifests(text: string, source: string, defaultNamespace = ""): ParsedText {
  const lineCounter = new LineCounter();
  const manifests: Manifest[] = [];
  const problems: ReadProblem[] = [];
  let others = 0;
  for (const document of parseDocuments(text, source, lineCounter, problems)) {
    const locate = locator(document, lineCounter, source);
    if (document.errors.length > 0) {
      problems.push(...document.errors.slice(0, 1).map((error) => syntaxProblem(error, text, source)));
      continue;
    }
    const value = plainValue(document, source, problems);
    if (value === undefined || value === null) continue;
    const found = unpack(new Field(value, locate), defaultNamespace);
    if (found.length === 0) others += 1;
    manifests.push(...found);
  }
  return { manifests, problems, others };
}

function parseDocuments(
  text: string,
  source: string,
  lineCounter: LineCounter,
  problems: ReadProblem[],
): readonly ParsedDocument[] {
  try {
    // Merge keys (<<) work in kubectl too.
    const documents = parseAllDocuments(text, { lineCounter, merge: true, logLevel: "silent", customTags });
    return "empty" in documents ? [] : documents;
  } catch (error) {
    problems.push({ place: { source }, message: `cannot be read as YAML: ${firstLine(error)}` });
    return [];
  }
}

/** What kubectl, which reads YAML 1.1, takes for truth values and octal numbers. */
function customTags(tags: Tags): Tags {
  return [
    {
      tag: "tag:yaml.org,2002:bool",
      default: true,
      test: /^(?:[Yy]es|YES|[Oo]n|ON|[Nn]o|NO|[Oo]ff|OFF)$/,
      resolve: (text: string) => /^(?:yes|on)$/i.test(text),
    },
    {
      tag: "tag:yaml.org,2002:int",
      default: true,
      test: /^[-+]?0[0-7]+$/,
      resolve: (text: string) => Number.parseInt(text, 8),
    },
    ...tags,
  ];
}

function syntaxProblem(
  error: {
    readonly message: string;
    readonly linePos?: readonly { line: number; col: number }[] | undefined;
  },
  text: string,
  source: string,
): ReadProblem {
  const at = error.linePos?.[0];
  const says = firstLine(error).replace(/ at line \d+, column \d+:?$/, "");
  const template = text.includes("{{")
    ? "; it looks like a template: check what `helm template` makes of it"
    : "";
  return { place: { source, line: at?.line, column: at?.col }, message: `no valid YAML: ${says}${template}` };
}

/** The plain value; a document that unfolds without end is a problem. */
function plainValue(document: ParsedDocument, source: string, problems: ReadProblem[]): unknown {
  try {
    return document.toJS();
  } catch (error) {
    problems.push({ place: { source }, message: `cannot be read as YAML: ${firstLine(error)}` });
    return undefined;
  }
}

/** Lists in lists in lists hold nothing more: an alias may make a list hold itself. */
const DEEPEST_LIST = 3;

/** The object itself, or what a List holds. */
function unpack(root: Field, defaultNamespace = "", depth = 0): readonly Manifest[] {
  const kind = root.at("kind").text ?? "";
  const items = root.at("items");
  if (kind.endsWith("List") && Array.isArray(items.value)) {
    if (depth >= DEEPEST_LIST) return [];
    return items.items().flatMap((item) => unpack(item, defaultNamespace, depth + 1));
  }
  const manifest = manifestOf(root, defaultNamespace);
  return manifest === undefined ? [] : [manifest];
}

function locator(document: ParsedDocument, lineCounter: LineCounter, source: string) {
  return (path: FieldPath): Place => {
    const offset = offsetOf(document, path);
    const { line, col } = lineCounter.linePos(offset);
    return { source, line: Math.max(1, line), column: Math.max(1, col) };
  };
}

/** Where the key of the last step stands, or the element of a list; as far as the path exists. */
function offsetOf(document: ParsedDocument, path: FieldPath): number {
  let node: Node | null | undefined = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair: Pair | undefined = node.items.find(
        ({ key }) => (isScalar(key) ? String(key.value) : key) === String(step),
      );
      if (pair === undefined) return offset;
      offset = startOf(pair.key) ?? offset;
      node = isNode(pair.value) ? pair.value : undefined;
    } else if (isSeq(node) && typeof step === "number") {
      const item: unknown = node.items[step];
      offset = startOf(item) ?? offset;
      node = isNode(item) ? item : undefined;
    } else return offset;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return shortText(text.split("\n")[0] ?? "", 300);
}
