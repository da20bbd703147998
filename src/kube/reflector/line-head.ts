// What the first characters of a watch line say, so that a line about nothing of interest need not be parsed. Pure.

/** Where the object is, and its version. */
export interface LineHead {
  readonly namespace: string;
  readonly resourceVersion: string;
}

// As an API server writes a change of a built-in object: the fields of ObjectMeta in the order of their declaration
// (apimachinery, meta/v1 types.go), of which these come before all that users write. Names need no escapes.
const HEAD =
  /^\{"type":"(?:ADDED|MODIFIED|DELETED)","object":\{"kind":"\w+","apiVersion":"[\w./]+","metadata":\{"name":"[^"\\]+",(?:"generateName":"[^"\\]+",)?"namespace":"([^"\\]+)","uid":"[^"\\]+","resourceVersion":"(\d+)"/;

/** Undefined for a line that begins in any other way: it must be parsed. */
export function lineHead(line: string): LineHead | undefined {
  const [, namespace, resourceVersion] = HEAD.exec(line) ?? [];
  if (namespace === undefined || resourceVersion === undefined) return undefined;
  return { namespace, resourceVersion };
}
