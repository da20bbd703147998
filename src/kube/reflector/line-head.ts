// What the first characters of a watch line say, so that the rest need not be parsed, or not at once. Pure.

/** What changed, and how. */
export interface LineHead {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly resourceVersion: string;
}

// As an API server writes a change of a built-in object: the fields of ObjectMeta in the order of their declaration
// (apimachinery, meta/v1 types.go), of which these come before all that users write. Names need no escapes.
const HEAD =
  /^\{"type":"(?<type>ADDED|MODIFIED|DELETED)","object":\{"kind":"(?<kind>\w+)","apiVersion":"[\w./]+","metadata":\{"name":"(?<name>[^"\\]+)",(?:"generateName":"[^"\\]+",)?"namespace":"(?<namespace>[^"\\]+)","uid":"[^"\\]+","resourceVersion":"(?<resourceVersion>\d+)"/;

/** Undefined for a line that begins in any other way: it must be parsed. */
export function lineHead(line: string): LineHead | undefined {
  const groups = HEAD.exec(line)?.groups;
  return groups && ({ ...groups } as unknown as LineHead);
}
