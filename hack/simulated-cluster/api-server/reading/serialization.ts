// Objects as text: what happens in one turn is turned into JSON once, however many clients it goes to.
import type { KubeObject } from "../kube-object.ts";
import { objectText } from "./object-text.ts";

/** About how long the pieces of a list are (characters). */
const PIECE_LENGTH = 512 * 1024;

/** The texts of this turn. Not kept for longer: they are as large as the objects. */
const texts = new Map<KubeObject, string>();
let lastLine = { type: "", object: undefined as KubeObject | undefined, line: "" };

/** The object as JSON. */
export function toJson(object: KubeObject): string {
  let text = texts.get(object);
  if (text === undefined) {
    text = objectText(object);
    if (texts.size === 0) setImmediate(forget);
    texts.set(object, text);
  }
  return text;
}

/** The object as an item of a typed list, where real servers leave out kind and apiVersion. */
export function toListItem({ kind: _kind, apiVersion: _apiVersion, ...rest }: KubeObject): string {
  return objectText(rest);
}

/** A list, in pieces of some hundred objects: a long one would be too large for one text. */
export function* listTexts(
  head: object,
  items: readonly KubeObject[],
  toText: (item: KubeObject) => string,
): Iterable<string> {
  let piece = `${JSON.stringify(head).slice(0, -1)},"items":[`;
  for (const [index, item] of items.entries()) {
    piece += index === 0 ? toText(item) : `,${toText(item)}`;
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = "";
  }
  yield `${piece}]}`;
}

/** One line of a watch. */
export function toWatchLine(type: string, object: KubeObject): string {
  if (lastLine.object === object && lastLine.type === type) return lastLine.line;
  const line = `{"type":"${type}","object":${toJson(object)}}\n`;
  lastLine = { type, object, line };
  return line;
}

function forget(): void {
  texts.clear();
  lastLine = { type: "", object: undefined, line: "" };
}
