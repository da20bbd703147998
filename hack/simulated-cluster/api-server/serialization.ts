// Objects as text: each version of an object is turned into JSON once, however many clients it goes to.
import type { KubeObject } from "./kube-object.ts";
import { objectText } from "./object-text.ts";

const texts = new WeakMap<KubeObject, string>();

/** The object as JSON. */
export function toJson(object: KubeObject): string {
  let text = texts.get(object);
  if (text === undefined) {
    text = objectText(object);
    texts.set(object, text);
  }
  return text;
}

/** The object as an item of a typed list, where real servers leave out kind and apiVersion. */
export function toListItem(object: KubeObject): string {
  const prefix = `{"kind":${JSON.stringify(object.kind)},"apiVersion":${JSON.stringify(object.apiVersion)},`;
  const text = toJson(object);
  return text.startsWith(prefix) ? `{${text.slice(prefix.length)}` : text;
}

/** One line of a watch. */
export function toWatchLine(type: string, object: KubeObject): string {
  return `{"type":"${type}","object":${toJson(object)}}\n`;
}
