// Manifests from text: YAML of several documents or JSON, lists unpacked, every value with its line and column.
import { YAMLException } from "js-yaml";
import { shortText } from "../domain/plain-text.ts";
import { Field } from "./field.ts";
import { type Manifest, manifestOf } from "./manifest.ts";
import type { Place } from "./place.ts";
import { splitDocuments } from "./yaml/split-documents.ts";
import { YamlDocument } from "./yaml/yaml-document.ts";

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

/** Never throws: what cannot be read becomes a problem, and the documents around it are read all the same. */
export function parseManifests(text: string, source: string, defaultNamespace = ""): ParsedText {
  const manifests: Manifest[] = [];
  const problems: ReadProblem[] = [];
  let others = 0;
  for (const part of splitDocuments(text)) {
    const document = new YamlDocument(part, source);
    try {
      const value = document.read();
      if (value === undefined || value === null) continue;
      const found = unpack(new Field(value, document), defaultNamespace);
      if (found.length === 0) others += 1;
      manifests.push(...found);
    } catch (error) {
      problems.push(problemOf(error, document, text.includes("{{")));
    }
  }
  return { manifests, problems, others };
}

function problemOf(error: unknown, document: YamlDocument, isTemplate: boolean): ReadProblem {
  if (!(error instanceof YAMLException) || error.mark === undefined) {
    return { place: { source: document.source }, message: `cannot be read as YAML: ${firstLine(error)}` };
  }
  const hint = isTemplate ? "; it looks like a template: check what `helm template` makes of it" : "";
  const says = shortText(error.reason, 300);
  return { place: document.placeAt(error.mark.position), message: `no valid YAML: ${says}${hint}` };
}

/** The object itself, or what a List holds. */
function unpack(root: Field, defaultNamespace: string): readonly Manifest[] {
  const kind = root.at("kind").text ?? "";
  const items = root.at("items");
  if (kind.endsWith("List") && Array.isArray(items.value)) {
    return items.items().flatMap((item) => unpack(item, defaultNamespace));
  }
  const manifest = manifestOf(root, defaultNamespace);
  return manifest === undefined ? [] : [manifest];
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return shortText(text.split("\n")[0] ?? "", 300);
}
